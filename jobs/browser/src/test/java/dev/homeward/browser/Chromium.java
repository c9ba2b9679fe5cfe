package dev.homeward.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The Chromium of this machine, started once for all tests; they skip where there is none. */
final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** Longest wait for anything on a page, on a machine that does much else. */
  private static final int PATIENCE_MILLIS = 60_000;

  private static Browser browser;

  private Chromium() {}

  /** What the page did that it should not. */
  static final class Watched implements AutoCloseable {
    final BrowserContext context;
    final Page page;
    final List<String> complaints = new ArrayList<>();
    final List<String> requests = new ArrayList<>();

    private Watched(BrowserContext context) {
      this.context = context;
      this.page = context.newPage();
      page.onConsoleMessage(
          m -> {
            if (m.type().equals("error") || m.type().equals("warning")) {
              complaints.add(m.type() + ": " + m.text());
            }
          });
      page.onPageError(e -> complaints.add("not caught: " + e));
      page.onDialog(
          dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
          });
      page.onRequest(r -> requests.add(r.url()));
      page.setDefaultTimeout(PATIENCE_MILLIS);
    }

    /** Opens the report of a review and waits until all of it is there. */
    Watched open(Path report) {
      page.navigate(report.toUri().toString());
      // A selector, because the page's policy lets nobody evaluate a text later on.
      page.locator("html[data-ready=true]").waitFor();
      return this;
    }

    @Override
    public void close() {
      context.close();
    }
  }

  /**
   * A window of its own.
   *
   * @param width in pixels
   */
  static Watched window(int width, ColorScheme theme) {
    return new Watched(
        browser()
            .newContext(
                new Browser.NewContextOptions()
                    .setViewportSize(width, width < 600 ? 844 : 900)
                    .setColorScheme(theme)
                    // Nobody here has a network: whatever is asked for beside the file must be
                    // seen.
                    .setOffline(true)));
  }

  private static synchronized Browser browser() {
    if (browser == null) {
      Optional<Path> found = executable();
      Assumptions.assumeTrue(
          found.isPresent(),
          "Chromium is not here (Debian: chromium); nothing of the page is tested");
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      browser =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(found.get())
                      .setArgs(
                          List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")));
      Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
    }
    return browser;
  }

  private static Optional<Path> executable() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
