using AkkaScale.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>Shards, owners and entities by region.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class RegionTests(Browser browser, QuietCluster cluster)
{
    [ChromiumFact]
    public async Task Every_region_tells_where_its_shards_are_and_what_is_not_known_is_not_called_none()
    {
        await using var page = await browser.OpenAsync(cluster.Management, "/regions");
        using var management = new ManagementClient(cluster.Management);
        foreach (var region in (await management.ShardsAsync()).GroupBy(shard => shard.Region))
        {
            var panel = page.Tab.GetByRole(AriaRole.Region, new() { Name = $"Region {region.Key}" });
            foreach (var owned in region.Where(shard => shard.Owner is not null).GroupBy(shard => shard.Owner))
            {
                await Expect(panel.Locator($"tr[data-owner='{owned.Key}'] [data-label='Shards']")).ToHaveTextAsync($"{owned.Count()}");
            }
        }

        var task = page.Tab.GetByRole(AriaRole.Region, new() { Name = "Region task" });
        await Expect(task.Locator("tr[data-owner='node-2'] [data-label='Entities in memory']")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[1-9][0-9]*$"));
        await page.ShotAsync("regions");

        // As when node-2 does not answer within its second.
        await page.Tab.RouteAsync("**/cluster/shards", async route =>
        {
            var answer = await route.FetchAsync();
            var body = System.Text.Json.Nodes.JsonNode.Parse(await answer.TextAsync())!;
            foreach (var shard in body["shards"]!.AsArray().Where(shard => (string?)shard!["owner"] == "node-2"))
            {
                shard!["entities"] = null;
            }

            await route.FulfillAsync(new() { Response = answer, Body = body.ToJsonString() });
        });

        await page.Tab.ReloadAsync();
        await Expect(task.Locator("tr[data-owner='node-2'] [data-label='Entities in memory']")).ToContainTextAsync("not known");
        await Expect(task.Locator("dl")).ToContainTextAsync("at least");
        await task.GetByRole(AriaRole.Link, new() { Name = "task" }).ClickAsync();
        await Expect(page.Tab.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Region task");
        var silent = (await management.ShardsAsync()).First(shard => shard is { Region: "task", Owner: "node-2" });
        await Expect(page.Tab.Locator($"[data-shard-row='{silent.Key}'] [data-label='Entities in memory']")).ToHaveTextAsync("not known");
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Cluster" }).ClickAsync();
        await Expect(page.Tab.Locator(".figures")).ToContainTextAsync("at least");
        await Expect(page.Tab.Locator(".group[data-owner='node-2'] .sum")).ToContainTextAsync("entities not known");
        await page.Tab.UnrouteAllAsync(new() { Behavior = UnrouteBehavior.Wait });
    }
}
