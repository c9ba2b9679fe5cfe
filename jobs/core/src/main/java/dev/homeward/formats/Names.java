package dev.homeward.formats;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Puts names into a call's attributes: bounded, never empty, and nothing under a key that speaks of
 * a person, a secret or an address.
 */
final class Names {
  private static final int LONGEST = 256;

  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "user|mail|phone|secret|passw|token|credential|auth|cookie|address|prompt|message|content"
              + "|(^|[_.-])(ip|key|apikey|first_?name|last_?name|full_?name)($|[_.-])");

  private Names() {}

  static void add(CallDraft draft, String source, String value) {
    if (value != null && !value.isBlank()) {
      draft.attributes.add(source, value.length() <= LONGEST ? value : value.substring(0, LONGEST));
    }
  }

  /** Adds a key of free metadata, unless key or value looks like a person's. */
  static void addMetadata(CallDraft draft, String key, String value) {
    if (value == null || value.indexOf('@') >= 0 || key.length() > LONGEST) {
      return;
    }
    if (!PRIVATE_KEY.matcher(key.toLowerCase(Locale.ROOT)).find()) {
      add(draft, "metadata." + key, value);
    }
  }

  /** Adds the workload that the user gave for the whole source, if any. */
  static void addGivenWorkload(CallDraft draft, ReadContext context) {
    if (context.workload().isPresent()) {
      draft.attributes.add("workload", context.workload().get());
      draft.flags |= CallFlags.GIVEN_BY_USER;
    }
  }
}
