package dev.homeward.decision;

import dev.homeward.catalog.HostedModel;

/**
 * What a workload's calls would cost on another hosted model, tokens as logged. Nobody has judged
 * whether it is good enough; nothing is decided by it.
 *
 * @param model that would answer
 * @param lowerTier whether it is a tier below the model that answers now: to be evaluated first
 * @param monthlyUsd at announced prices, for the whole month
 * @param standardTierCalls calls at a service tier that it has no price of, priced at standard
 */
public record HostedChoice(
    HostedModel model, boolean lowerTier, double monthlyUsd, long standardTierCalls) {}
