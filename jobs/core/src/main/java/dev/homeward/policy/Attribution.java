package dev.homeward.policy;

import dev.homeward.calls.BillingMode;

/**
 * Which workload, data class and owner a call belongs to.
 *
 * @param workload name by the first rule that matched, or {@code unassigned}
 * @param dataClass the most sensitive class tagged, or {@code unclassified}
 * @param owner cost centre; null if no rule matched
 */
public record Attribution(
    String workload, String dataClass, String owner, BillingMode billingMode) {}
