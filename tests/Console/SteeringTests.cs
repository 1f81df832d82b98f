using AkkaScale.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>Orders given, watched and taken back from the page.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class SteeringTests(Browser browser, QuietCluster quiet, MovingCluster moving)
{
    private const string Because = "it needs <b>that</b> host";

    [ChromiumFact]
    public async Task A_drain_is_seen_to_move_shards_and_a_pin_that_it_keeps_away_is_told_with_what_keeps_it()
    {
        var cluster = moving.Nodes;
        await cluster.WaitUntilBalanced(TimeSpan.FromSeconds(60));
        using var management = cluster.Management();
        var shard = (await management.ShardsAsync()).First(each => each is { Region: "task", Owner: "node-2" });
        await using var page = await browser.OpenAsync(cluster.Node("node-1").Management, $"/shard/task/{shard.Shard}");
        await using var watch = await browser.OpenAsync(cluster.Node("node-1").Management, "/moves");

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Pin …" }).ClickAsync();
        await page.Tab.GetByLabel("To", new() { Exact = true }).SelectOptionAsync("node-2");
        await page.Tab.GetByLabel("Your name").FillAsync("grace");
        await page.ConfirmAsync($"Pin shard {shard.Key}", Because);
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Orders" }).ClickAsync();
        var pin = page.Tab.Locator($"[data-order='pin {shard.Key}']");
        await Expect(pin).ToContainTextAsync("it is there");
        await Expect(pin).ToContainTextAsync(Because);
        await Expect(pin).ToContainTextAsync("grace");

        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Cluster" }).ClickAsync();
        await page.ActAsync("node-2", "Drain …");
        await page.Tab.GetByLabel("To confirm").FillAsync("node-2");
        await page.ShotAsync("drain-asked", isFull: false);
        await page.ConfirmAsync("Drain node-2", "new kernel");

        // Nobody reloads the page that watches.
        var move = watch.Tab.Locator(".moves tbody tr").Filter(new() { Has = watch.Tab.GetByText(shard.Key, new() { Exact = true }) }).First;
        await Expect(move.Locator("[data-label='State']")).ToContainTextAsync("there after");
        await Expect(move.Locator("[data-label='From']")).ToHaveTextAsync("node-2");
        await Expect(move.Locator("[data-label='To']")).ToHaveTextAsync("node-1");
        await Expect(move.Locator("[data-label='Why']")).ToHaveTextAsync("node-2 is drained by grace: new kernel");
        await Expect(page.Card("node-2")).ToContainTextAsync("draining");
        await Expect(page.ShardsOf("node-2")).ToHaveCountAsync(0);

        var stuck = watch.Tab.Locator($"[data-stuck='{shard.Key}']");
        await Expect(stuck).ToContainTextAsync("node-1 → node-2");
        await Expect(stuck).ToContainTextAsync($"pin by grace: {Because}");
        await Expect(stuck.Locator(".keeps")).ToContainTextAsync("node-2 is being drained: the pin waits");
        await Expect(page.Tab.Locator("#stuck-banner")).ToContainTextAsync("does not arrive");
        await watch.ShotAsync("stuck", isFull: false);

        await stuck.GetByRole(AriaRole.Button, new() { Name = "Take back …" }).ClickAsync();
        await watch.ConfirmAsync($"Unpin shard {shard.Key}", "not now");
        await Expect(stuck).ToHaveCountAsync(0);

        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Orders" }).ClickAsync();
        var drain = page.Tab.Locator("[data-order='drain node-2']");
        await Expect(drain).ToContainTextAsync("new kernel");
        await Expect(drain).ToContainTextAsync("empty");
        await Expect(pin).ToHaveCountAsync(0);
        await page.ShotAsync("orders", isFull: false);
        await drain.GetByRole(AriaRole.Button, new() { Name = "Uncordon node-2" }).ClickAsync();
        await page.ConfirmAsync("Uncordon node-2", "it is back");
        await Expect(drain).ToHaveCountAsync(0);
    }

    [ChromiumFact]
    public async Task What_ends_a_process_or_empties_a_node_says_what_it_costs_and_wants_the_name_typed()
    {
        await using var page = await browser.OpenAsync(quiet.Management);
        page.Foresee("409");
        foreach (var (button, verb, cost) in new[]
        {
            ("Drain …", "Drain node-2", "go to node-1"),
            ("Leave …", "Have node-2 leave", "It hands its"),
            ("Down …", "Declare node-2 down", "they answer again after"),
            ("Kill drill …", "Kill node-2", "It cannot be done"),
        })
        {
            await page.ActAsync("node-2", button);
            var dialog = page.Tab.GetByRole(AriaRole.Dialog);
            var go = dialog.GetByRole(AriaRole.Button, new() { Name = verb, Exact = true });
            await Expect(dialog).ToContainTextAsync("shards (entities in memory:");
            await Expect(dialog).ToContainTextAsync(cost);
            await dialog.GetByLabel("Reason").FillAsync("a slip of the hand");
            await dialog.GetByLabel("To confirm").FillAsync("node-1");
            await Expect(go).ToBeDisabledAsync();
            await page.Tab.Keyboard.PressAsync("Enter");
            await dialog.GetByLabel("To confirm").FillAsync("node-2");
            await (verb.StartsWith("Kill", StringComparison.Ordinal) ? Expect(go).ToBeDisabledAsync() : Expect(go).ToBeEnabledAsync());
            await page.Tab.Keyboard.PressAsync("Escape");
            await Expect(dialog).ToHaveCountAsync(0);
        }

        using var management = new ManagementClient(quiet.Management);
        Assert.All(await management.MembersAsync(), member => Assert.Equal(("Up", null), (member.Status, member.Order)));
    }
}
