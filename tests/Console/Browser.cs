using AkkaScale.Tests.Support;
using Microsoft.Playwright;

namespace AkkaScale.Tests.Console;

/// <summary>One headless Chromium of the machine for all tests of the run; every page gets a profile of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    public const string Program = "chromium";

    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (InstalledProgram.Find(Program) is not { } program)
        {
            return; // every test is skipped, and says why
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Flags, Headless = true });
    }

    /// <summary>Opens the console of a node.</summary>
    /// <param name="view">What follows the # of the address, "/cluster" say.</param>
    public async Task<ConsolePage> OpenAsync(Uri management, string view = "/cluster", ConsoleLook? look = null)
    {
        var seen = look ?? new ConsoleLook();
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = seen.Width, Height = seen.Height },
            ColorScheme = seen.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = seen.IsStill ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            Locale = "en-GB",
            TimezoneId = "UTC",
        });
        return await ConsolePage.OpenAsync(context, management, view);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
