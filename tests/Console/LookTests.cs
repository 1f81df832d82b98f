using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>Readable on a narrow screen, in light and in dark.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class LookTests(Browser browser, QuietCluster cluster)
{
    /// <summary>WCAG 2.1, AA, for text of ordinary size.</summary>
    private const double LeastContrast = 4.5;

    // Every text that is drawn, against the nearest ground behind it that is not see-through. Colours are painted to be read back as bytes, whatever notation they have.
    private const string Contrasts = """
        () => {
          const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          const bytes = colour => { brush.clearRect(0, 0, 1, 1); brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1); return [...brush.getImageData(0, 0, 1, 1).data]; };
          const light = rgb => { const [r, g, b] = rgb.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const found = [];
          for (const element of document.querySelectorAll('body *')) {
            const own = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('');
            if (!own || !element.checkVisibility() || element.closest('h1.quiet, h2.quiet, .skip, option, :disabled')) continue;
            const style = getComputedStyle(element);
            const text = bytes(element instanceof SVGElement ? style.fill : style.color);
            let ground = [255, 255, 255, 0];
            for (let at = element; at && ground[3] < 255; at = at.parentElement) ground = bytes(getComputedStyle(at).backgroundColor);
            const [a, b] = [light(text.slice(0, 3)), light(ground.slice(0, 3))].sort((x, y) => y - x);
            found.push({ what: `${element.tagName}.${element.getAttribute('class')} "${own.slice(0, 30)}"`, ratio: (a + 0.05) / (b + 0.05) });
          }
          return found;
        }
        """;

    [ChromiumTheory]
    [InlineData("/cluster")]
    [InlineData("/entity/task/t-1")]
    [InlineData("/shard/task/17")]
    [InlineData("/history")]
    [InlineData("/audit")]
    [InlineData("/doctor")]
    public async Task Every_view_fits_a_screen_of_400_pixels_and_is_readable(string view)
    {
        await using var page = await browser.OpenAsync(cluster.Management, view, new ConsoleLook { Width = 400, Height = 800, IsStill = true });
        await Expect(page.Tab.Locator("#cluster-name")).ToHaveTextAsync("akkascale");
        await Expect(page.Tab.Locator("main .panel:visible, main .problem:visible").First).ToBeVisibleAsync();

        Assert.Equal(400, await page.Tab.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth"));
        await AssertReadableAsync(page, leastTexts: 12, $"narrow-{view.Split('/')[1]}");
    }

    [ChromiumFact]
    public async Task The_cluster_is_readable_on_a_wide_screen()
    {
        await using var page = await browser.OpenAsync(cluster.Management, look: new ConsoleLook { IsStill = true });
        await Expect(page.ShardsOf("node-2")).Not.ToHaveCountAsync(0);
        await Expect(page.Tab.Locator(".chart .now").First).ToContainTextAsync("/s");
        await AssertReadableAsync(page, leastTexts: 100, "cluster");
    }

    [ChromiumFact]
    public async Task Who_wants_no_motion_sees_none()
    {
        await using var page = await browser.OpenAsync(cluster.Management, look: new ConsoleLook { IsStill = true });
        await Expect(page.ShardsOf("node-1")).Not.ToHaveCountAsync(0);
        Assert.Equal(0, await page.Tab.EvaluateAsync<int>("() => document.getAnimations().length"));
    }

    private static async Task AssertReadableAsync(ConsolePage page, int leastTexts, string name)
    {
        foreach (var (scheme, isDark) in new[] { (ColorScheme.Light, false), (ColorScheme.Dark, true) })
        {
            await page.Tab.EmulateMediaAsync(new() { ColorScheme = scheme });
            Assert.Equal(isDark, await page.Tab.EvaluateAsync<bool>("() => matchMedia('(prefers-color-scheme: dark)').matches"));
            var contrasts = await page.Tab.EvaluateAsync<Contrast[]>(Contrasts);
            Assert.True(contrasts.Length > leastTexts, $"only {contrasts.Length} texts were found");
            Assert.DoesNotContain(contrasts, contrast => contrast.Ratio < LeastContrast);
            await page.ShotAsync($"{name}-{(isDark ? "dark" : "light")}");
        }
    }

    public sealed record Contrast
    {
        public string What { get; init; } = "";

        public double Ratio { get; init; }
    }
}
