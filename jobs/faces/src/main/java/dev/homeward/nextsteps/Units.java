package dev.homeward.nextsteps;

import dev.homeward.nextsteps.FleetSetup.Instance;
import java.util.ArrayList;
import java.util.List;

/** What keeps a fleet's instances running: a unit of systemd, or property lists of launchd. */
final class Units {
  /** Engines say nothing while they load; ten minutes more than the weights take from disk. */
  static final int LEAST_START_SECONDS = 600;

  private Units() {}

  /** The folder in which units and scripts expect to lie. */
  static String folder(FleetSetup fleet) {
    return "/opt/homeward/" + fleet.name();
  }

  /** File name of the unit: a template whose instances are the replicas. */
  static String unitName(FleetSetup fleet) {
    return "homeward-" + fleet.name() + "@.service";
  }

  /** A template unit of systemd. */
  static String systemd(FleetSetup fleet, List<String> head) {
    List<String> said = new ArrayList<>(head);
    said.add(
        "Set up: cp -r the folder to %s; echo MODEL=CHECKPOINT >/etc/homeward/%s.env (and HOST=, if the"
                .formatted(folder(fleet), fleet.name())
            + " router is on another machine); cp this file to /etc/systemd/system.");
    for (Instance i : fleet.instances()) {
      said.add(
          "On %s: systemctl enable --now homeward-%s@%d"
              .formatted(fleet.host(i), fleet.name(), i.replica()));
    }
    return Comments.of(said)
        + """
        [Unit]
        Description=Homeward %1$s, replica %%i
        Wants=network-online.target
        After=network-online.target

        [Service]
        EnvironmentFile=/etc/homeward/%1$s.env
        ExecStart=/usr/bin/env bash %2$s/start.sh %%i
        DynamicUser=yes
        CacheDirectory=homeward-%1$s
        Environment=HOME=/var/cache/homeward-%1$s
        Restart=on-failure
        RestartSec=10
        LimitNOFILE=65536

        [Install]
        WantedBy=multi-user.target
        """
            .formatted(fleet.name(), folder(fleet));
  }

  /** Label of an instance's property list, and its file's name before {@code .plist}. */
  static String label(FleetSetup fleet, Instance instance) {
    return "dev.homeward." + fleet.name() + "." + instance.replica();
  }

  /** A property list of launchd for an instance on a Mac. */
  static String launchd(FleetSetup fleet, Instance instance, List<String> head) {
    String log = "/usr/local/var/log/" + label(fleet, instance) + ".log";
    StringBuilder said = new StringBuilder();
    for (String line : head) {
      // Two hyphens end a comment of XML too early.
      said.append("  ").append(xml(Comments.line(line)).replace("--", "- -")).append('\n');
    }
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <!--
        %s  Set up: copy the folder to %s, set MODEL below, then
          sudo cp %s.plist /Library/LaunchDaemons and
          sudo launchctl bootstrap system /Library/LaunchDaemons/%s.plist
        -->
        <plist version="1.0">
        <dict>
          <key>Label</key>
          <string>%s</string>
          <key>ProgramArguments</key>
          <array>
            <string>/usr/bin/env</string>
            <string>bash</string>
            <string>%s/start.sh</string>
            <string>%d</string>
          </array>
          <key>EnvironmentVariables</key>
          <dict>
            <key>MODEL</key>
            <string></string>
          </dict>
          <key>RunAtLoad</key>
          <true/>
          <key>KeepAlive</key>
          <true/>
          <key>StandardErrorPath</key>
          <string>%s</string>
        </dict>
        </plist>
        """
        .formatted(
            said,
            folder(fleet),
            label(fleet, instance),
            label(fleet, instance),
            label(fleet, instance),
            folder(fleet),
            instance.replica(),
            log);
  }

  private static String xml(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
