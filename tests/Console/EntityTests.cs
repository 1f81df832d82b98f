using AkkaScale.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>Looking an entity up.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class EntityTests(Browser browser, QuietCluster cluster)
{
    [ChromiumFact]
    public async Task The_search_shows_where_an_entity_lives_and_its_events_in_order()
    {
        await using var page = await browser.OpenAsync(cluster.Management, "/entity");
        await page.Tab.GetByLabel("Kind").SelectOptionAsync("task");
        await page.Tab.GetByLabel("Id").FillAsync("t-1");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Look it up" }).ClickAsync();

        var events = page.Tab.Locator(".timeline li");
        using var management = new ManagementClient(cluster.Management);
        var journal = await management.EventsAsync("task", "t-1");
        await Expect(events).ToHaveCountAsync(journal.Count);
        Assert.Equal(journal.Select(happened => happened.Type), await page.Tab.Locator(".timeline strong").AllInnerTextsAsync());
        Assert.Equal(journal.Select(happened => $"{happened.Version}"), await page.Tab.Locator(".timeline .version").AllInnerTextsAsync());
        await Expect(events.Filter(new() { HasText = "commented" })).ToContainTextAsync("First draft is done");

        var where = await management.WhereAsync("task", "t-1");
        var panel = page.Tab.GetByRole(AriaRole.Region, new() { Name = "task/t-1" });
        await Expect(panel).ToContainTextAsync(where.Owner!);
        await Expect(panel.GetByRole(AriaRole.Link, new() { Name = $"{where.Region}/{where.Shard}", Exact = true })).ToBeVisibleAsync();
        await Expect(page.Tab.GetByRole(AriaRole.Region, new() { Name = "State" })).ToContainTextAsync("Write the notes");
        await page.ShotAsync("entity-light");
    }

    [ChromiumFact]
    public async Task What_deceives_is_shown_as_the_text_it_is_and_runs_nothing()
    {
        await using var page = await browser.OpenAsync(cluster.Management, "/entity", new ConsoleLook { IsDark = true });
        await page.Tab.GetByLabel("Kind").SelectOptionAsync("task");
        await page.Tab.GetByLabel("Id").FillAsync(QuietCluster.HostileId);
        await page.Tab.GetByLabel("Id").PressAsync("Enter");

        await Expect(page.Tab.Locator(".timeline li").First).ToContainTextAsync("<script>alert(1)</script>\\u202e&lt;b>");
        await Expect(page.Tab.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"task/{QuietCluster.HostileId}");
        Assert.Equal(0, await page.Tab.Locator("main img, main script, main svg").CountAsync());
        await page.ShotAsync("entity-hostile");

        // The address alone leads there as well.
        await page.Tab.ReloadAsync();
        await Expect(page.Tab.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"task/{QuietCluster.HostileId}");
    }

    [ChromiumTheory]
    [InlineData("task/%2e%2e", "pbm")]
    [InlineData("task/..", "pbm")]
    [InlineData("task/nobody-made-it", "There is no event of it")]
    [InlineData("tusk/t-1", "There is no entity kind tusk")]
    [InlineData("task/%zz", "There is no event of it")]
    public async Task An_address_that_leads_nowhere_is_answered_in_words(string entity, string words)
    {
        await using var page = await browser.OpenAsync(cluster.Management, $"/entity/{entity}");
        page.Foresee("404");
        await Expect(page.Tab.Locator("main")).ToContainTextAsync(words);
    }
}
