using AkkaScale.Tests.Support;
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

    private static readonly string[] Views = ["/cluster", "/regions", "/regions/task", "/moves", "/shard/task/17", "/history", "/audit", "/doctor"];

    // A word whose letters are drawn on more than one line.
    private const string BrokenWords = """
        () => {
          const found = [], range = document.createRange();
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            if (!text.parentElement.checkVisibility() || text.parentElement.closest('pre, option, h1.quiet, h2.quiet, .skip')) continue;
            // Of a table whose rows are cards the head is only read aloud.
            if (text.parentElement.closest('thead') && getComputedStyle(text.parentElement.closest('thead')).position === 'absolute') continue;
            for (const word of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
              range.setStart(text, word.index);
              range.setEnd(text, word.index + word[0].length);
              const tops = new Set([...range.getClientRects()].filter(box => box.width > 0).map(box => Math.round(box.top)));
              if (tops.size > 1) found.push(`${word[0]} in ${text.parentElement.tagName} "${text.data.trim().slice(0, 40)}"`);
            }
          }
          return found;
        }
        """;

    // Text that is wider than its box and cut there says all of it in its title; no table is wider than its panel.
    private const string CutOff = """
        () => [...document.querySelectorAll('main .clip, main .scroll')].filter(each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1 && each.title !== each.textContent)
          .map(each => `${each.className} ${each.scrollWidth} > ${each.clientWidth}: ${each.textContent.slice(0, 60)}`)
        """;

    [ChromiumFact]
    public async Task Every_view_fits_a_screen_of_400_pixels_and_is_readable()
    {
        await using var page = await browser.OpenAsync(cluster.Management, look: new ConsoleLook { Width = 400, Height = 800, IsStill = true });
        await Expect(page.Tab.Locator("#cluster-name")).ToHaveTextAsync("akkascale");
        foreach (var view in (string[])[.. Views, "/entity/task/t-1", "/orders"])
        {
            await ShowAsync(page, view);
            Assert.Equal((view, 400), (view, await page.Tab.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth")));
            await AssertReadableAsync(page, leastTexts: 12, $"narrow{view.Replace('/', '-')}");
        }
    }

    [ChromiumTheory]
    [InlineData(1280, true)]
    [InlineData(880, false)] // the widest tables are scrolled there
    [InlineData(800, true)]
    public async Task No_word_is_broken_and_nothing_is_cut_off(int width, bool isAllInSight)
    {
        await using var page = await browser.OpenAsync(cluster.Management, look: new ConsoleLook { Width = width, IsStill = true });
        using var management = new ManagementClient(cluster.Management);
        await management.PassivateAsync("task", "t-1"); // something for the audit log
        foreach (var view in Views)
        {
            await ShowAsync(page, view);
            await Expect(page.Tab.Locator("main tbody tr:visible, main .finding:visible, main .cell:visible").First).ToBeVisibleAsync();
            Assert.Empty(await page.Tab.EvaluateAsync<string[]>(BrokenWords));
            if (isAllInSight)
            {
                Assert.Empty(await page.Tab.EvaluateAsync<string[]>(CutOff));
            }
        }
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

    private static async Task ShowAsync(ConsolePage page, string view)
    {
        await page.Tab.EvaluateAsync("view => { location.hash = view; }", view);
        await Expect(page.Tab.Locator($".tabs [aria-current][data-view='{view.Split('/')[1]}']")).ToHaveCountAsync(1);
        await Expect(page.Tab.Locator("main .panel:visible").Last).ToBeVisibleAsync();
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
