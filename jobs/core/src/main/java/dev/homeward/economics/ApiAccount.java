package dev.homeward.economics;

import java.util.Optional;

/**
 * The account that a provider bills, for cost files: no log holds it.
 *
 * @param id as on the invoice
 * @param name that people gave it
 */
public record ApiAccount(String id, Optional<String> name) {}
