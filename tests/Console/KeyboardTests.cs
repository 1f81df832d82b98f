using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>Everything can be done without a pointer.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class KeyboardTests(Browser browser, QuietCluster cluster)
{
    private const int ManyTabs = 60;

    [ChromiumFact]
    public async Task A_shard_is_reached_and_opened_with_keys_only()
    {
        // Narrow, so that a node's cells need several rows.
        await using var page = await browser.OpenAsync(cluster.Management, look: new ConsoleLook { Width = 400, IsStill = true });
        await Expect(page.ShardsOf("node-1")).Not.ToHaveCountAsync(0);
        await TabToAsync(page, "[data-shard]");
        var first = await FocusedShardAsync(page);

        await page.Tab.Keyboard.PressAsync("Home");
        await page.Tab.Keyboard.PressAsync("ArrowRight");
        await page.Tab.Keyboard.PressAsync("ArrowRight");
        var third = await FocusedShardAsync(page);
        Assert.Equal(await page.Tab.Locator("[data-shard]").Nth(2).GetAttributeAsync("data-shard"), third);
        Assert.NotEqual(first, third);
        await page.Tab.Keyboard.PressAsync("ArrowDown");
        var below = await FocusedShardAsync(page);
        Assert.NotEqual(third, below);
        await page.Tab.Keyboard.PressAsync("ArrowUp");
        Assert.Equal(third, await FocusedShardAsync(page));
        await Expect(page.Tab.Locator("#shard-detail")).ToContainTextAsync($"Shard {third} · ");
        await page.ShotAsync("keyboard-map", isFull: false);

        await page.Tab.Keyboard.PressAsync("Enter");

        await Expect(page.Tab.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Shard {third}");
        await Expect(page.Tab.Locator(".pairs").First).ToContainTextAsync("node-");
        await TabToAsync(page, "text=Move …");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Tab.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Tab.Keyboard.PressAsync("Escape");
        await Expect(page.Tab.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [ChromiumFact]
    public async Task The_map_is_one_stop_on_the_way_through_the_page()
    {
        await using var page = await browser.OpenAsync(cluster.Management);
        await Expect(page.ShardsOf("node-1")).Not.ToHaveCountAsync(0);
        Assert.Equal(1, await page.Tab.Locator("[data-shard][tabindex='0']").CountAsync());
        await TabToAsync(page, "[data-shard]");
        await page.Tab.Keyboard.PressAsync("Tab");
        Assert.Null(await FocusedShardAsync(page));
    }

    [ChromiumFact]
    public async Task Charts_are_read_point_by_point_and_as_a_table()
    {
        await using var page = await browser.OpenAsync(cluster.Management);
        var chart = page.Tab.Locator("figure").Filter(new() { HasText = "Answers per second" });
        await Expect(chart.Locator(".now")).ToContainTextAsync("/s");
        await TabToAsync(page, "figure:first-child svg");
        await page.Tab.Keyboard.PressAsync("ArrowLeft");
        await Expect(chart.Locator(".reading")).ToContainTextAsync("node-1");
        await chart.GetByText("As a table").PressAsync("Enter");
        await Expect(chart.Locator("tbody tr")).Not.ToHaveCountAsync(0);
        await Expect(chart.Locator("svg")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("Answers per second.*node-1: "));
    }

    private static async Task TabToAsync(ConsolePage page, string selector)
    {
        var wanted = page.Tab.Locator($"{selector} >> visible=true");
        for (var pressed = 0; pressed < ManyTabs; pressed++)
        {
            await page.Tab.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAllAsync<bool>("all => all.some(one => one === document.activeElement)"))
            {
                return;
            }
        }

        Assert.Fail($"{ManyTabs} times Tab does not lead to {selector}");
    }

    private static Task<string?> FocusedShardAsync(ConsolePage page) =>
        page.Tab.EvaluateAsync<string?>("() => document.activeElement?.dataset?.shard ?? null");
}
