package dev.homeward.policy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.homeward.calls.BillingMode;

/** Finds out from one of a call's attributes how the call is paid for. */
record BillingRule(@JsonUnwrapped AttributeMatch match, BillingMode billingMode) {}
