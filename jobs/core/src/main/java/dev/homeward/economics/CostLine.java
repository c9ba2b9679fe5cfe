package dev.homeward.economics;

/**
 * One line of a monthly cost.
 *
 * @param name what it is for
 * @param arithmetic how it comes about, in numbers that can be multiplied by hand
 * @param monthlyUsd forecast dollars a month
 */
public record CostLine(String name, String arithmetic, double monthlyUsd) {}
