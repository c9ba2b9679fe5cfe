package dev.homeward.files;

import java.util.Locale;

/** How a file is compressed, told by its first bytes. */
public enum Compression {
  NONE,
  GZIP,
  ZSTD,
  BZIP2;

  /** Bytes that tell it. */
  public static final int HEAD_BYTES = 4;

  /** Its name in messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How a file that begins so is compressed. */
  public static Compression of(byte[] head) {
    if (begins(head, 0x1f, 0x8b)) {
      return GZIP;
    }
    if (begins(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      return ZSTD;
    }
    return begins(head, 'B', 'Z', 'h') ? BZIP2 : NONE;
  }

  private static boolean begins(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
