using AkkaScale.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>The map follows what really happens to real nodes; nothing is reloaded.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class MapTests(Browser browser, QuietCluster quiet, MovingCluster moving)
{
    private static readonly string[] Regions = ["project", "task", "user"];
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private ClusterFixture Cluster => moving.Nodes;

    [ChromiumFact]
    public async Task A_node_that_joins_gets_its_card_and_its_shards_and_loses_them_when_it_is_killed()
    {
        await using var page = await browser.OpenAsync(Cluster.Node("node-1").Management);
        await Expect(page.ShardsOf("node-1")).Not.ToHaveCountAsync(0);
        await Expect(page.Card("node-3")).ToHaveCountAsync(0);
        await page.ShotAsync("joining-before");

        await Cluster.JoinAsync("node-3");

        await Expect(page.Card("node-3").GetByText("Up", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.ShardsOf("node-3")).Not.ToHaveCountAsync(0);
        await Cluster.WaitUntilBalanced(Bound);
        await page.ChooseAsync("user");
        await Expect(page.ShardsOf("node-3")).ToHaveCountAsync((await ShardsAsync(Cluster, "user", "node-3")).Count);
        await Expect(page.Tab.Locator(".log .move").Filter(new() { HasText = "→ node-3" })).Not.ToHaveCountAsync(0);
        await page.ShotAsync("joining-after");

        // By the page itself, which says what that costs and wants the name typed.
        await page.ActAsync("node-3", "Kill drill …");
        var dialog = page.Tab.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator("#dialog-cost")).ToContainTextAsync("answer again after");
        await dialog.GetByLabel("To confirm").FillAsync("node-3");
        await page.ConfirmAsync("Kill node-3", "to see what happens");
        Assert.NotEqual(0, await Cluster.Node("node-3").WaitForExitAsync(Bound));

        await Cluster.WaitUntilBalanced(Bound);
        foreach (var region in Regions)
        {
            await page.ChooseAsync(region);
            await Expect(page.ShardsOf("node-3")).ToHaveCountAsync(0);
            await Expect(page.ShardsOf("node-1")).ToHaveCountAsync((await ShardsAsync(Cluster, region, "node-1")).Count);
        }

        await Expect(page.Tab.Locator(".log .member").Filter(new() { HasText = "node-3 is gone" })).Not.ToHaveCountAsync(0);
        await page.ShotAsync("killed-after");

        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        var crash = page.Tab.Locator(".incarnations tbody tr").Filter(new() { HasText = "node-3" });
        await Expect(crash).ToContainTextAsync("dead");
        await Expect(crash.Locator("[data-label='Why']")).Not.ToHaveTextAsync("–");
        await Expect(page.Tab.Locator(".incarnations tbody tr").Filter(new() { HasText = "live" })).ToHaveCountAsync(2);
        await page.Tab.GetByLabel("Member", new() { Exact = true }).SelectOptionAsync("node-3");
        await Expect(page.Tab.Locator(".incarnations tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Tab.Locator("main [role='status']")).ToHaveTextAsync("1 start: 0 live, 0 left, 0 sent away, 1 dead");
        await page.ShotAsync("history");
    }

    [ChromiumFact]
    public async Task A_shard_that_is_moved_from_the_page_is_seen_to_move()
    {
        await using var page = await browser.OpenAsync(quiet.Management, look: new ConsoleLook { IsDark = true });
        await page.ChooseAsync("task");
        var shard = $"task/{(await ShardsAsync(quiet.Nodes, "task", "node-1")).Min(each => each.Shard)}";
        await Expect(page.Tab.Locator("[data-owner='node-1']").Locator($"[data-shard='{shard}']")).ToBeVisibleAsync();

        await page.Shard(shard).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Move …" }).ClickAsync();
        await page.Tab.GetByLabel("To", new() { Exact = true }).SelectOptionAsync("node-2");
        await page.ShotAsync("moving-asked");
        await page.ConfirmAsync($"Move shard {shard}", "to see it move");

        await Expect(page.Tab.Locator(".pairs").First).ToContainTextAsync("node-2");
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Cluster" }).ClickAsync();
        await Expect(page.Tab.Locator("[data-owner='node-2']").Locator($"[data-shard='{shard}']")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".log .move").Filter(new() { HasText = $"{shard}: node-1 → node-2" })).Not.ToHaveCountAsync(0);
        await page.ShotAsync("moving-after");

        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        var row = page.Tab.Locator(".audit tbody tr").Filter(new() { HasText = "to see it move" });
        await Expect(row).ToContainTextAsync("allowed");
        await Expect(row).ToContainTextAsync($"{shard}");
    }

    [ChromiumFact]
    public async Task A_page_whose_own_node_dies_says_so_and_names_the_others()
    {
        await using var page = await browser.OpenAsync(Cluster.Node("node-2").Management);
        await Expect(page.ShardsOf("node-1")).Not.ToHaveCountAsync(0);
        page.Foresee("net::ERR");
        page.Foresee("503"); // while it starts again

        await Cluster.Node("node-2").KillAsync();

        var alert = page.Tab.GetByRole(AriaRole.Alert);
        await Expect(alert).ToContainTextAsync("No connection to node-2");
        await Expect(alert.GetByRole(AriaRole.Link, new() { Name = "node-1" }))
            .ToHaveAttributeAsync("href", $"{Cluster.Node("node-1").Management}console");
        await page.ShotAsync("lost");

        await Cluster.RestartAsync(Cluster.Node("node-2"));
        await Expect(alert).ToHaveCountAsync(0, new() { Timeout = (float)Bound.TotalMilliseconds });
    }

    private static async Task<IReadOnlyList<ShardView>> ShardsAsync(ClusterFixture cluster, string region, string owner)
    {
        using var management = cluster.Management();
        return [.. (await management.ShardsAsync()).Where(shard => shard.Region == region && shard.Owner == owner)];
    }
}
