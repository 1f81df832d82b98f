using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>A plan is looked at, carried out, and refused when the cluster has outgrown it.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class PlanTests(Browser browser) : IAsyncLifetime
{
    private const int Moves = 12;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private ClusterFixture? _cluster;

    private ClusterFixture Cluster => _cluster!;

    public async Task InitializeAsync()
    {
        if (InstalledProgram.Find(Browser.Program) is not null)
        {
            _cluster = await ClusterFixture.StartAsync(new SqliteTestStore(), nodes: 1, "--AkkaScale:Allocation:Rebalance", "manual");
            await _cluster.JoinAsync("node-2");
        }
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [ChromiumFact]
    public async Task A_plan_is_applied_as_far_as_is_wanted_with_its_progress_shown()
    {
        await using var page = await OpenPlanAsync();
        await page.ShotAsync("plan-before", isFull: false);

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Apply …" }).ClickAsync();
        await page.Tab.GetByLabel("Moves at most").FillAsync($"{Moves}");
        await page.ConfirmAsync("Apply", "node-2 is new");

        await Expect(page.Tab.GetByRole(AriaRole.Progressbar)).ToHaveJSPropertyAsync("value", Moves);
        await Expect(page.Tab.GetByText($"{Moves} of {Moves} moved")).ToBeVisibleAsync();
        Assert.Equal(Moves, (await Cluster.ShardsOfAsync(Cluster.Node("node-2"))).Count);
        await page.ShotAsync("plan-after", isFull: false);

        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await Expect(page.Tab.Locator(".audit tbody tr").Filter(new() { HasText = "node-2 is new" })).ToHaveCountAsync(Moves);
    }

    [ChromiumFact]
    public async Task A_plan_that_the_cluster_has_outgrown_moves_nothing()
    {
        await using var page = await OpenPlanAsync();
        var first = int.Parse(await page.Tab.Locator("table a[href^='#/shard/']").First.InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);

        // It goes where the plan wants it and comes back: the owner is as planned, the epoch is not.
        using var management = Cluster.Management();
        foreach (var node in new[] { "node-2", "node-1" })
        {
            await management.PinAsync(first, node);
            await Eventually.Holds($"shard {first} is at {node}", Bound, async () => (await management.ShardsAsync())[first].Owner is var owner && owner == node ? null : owner);
        }

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Apply …" }).ClickAsync();
        var dialog = page.Tab.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("too late");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();

        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("not where the plan has it");
        Assert.Empty(await Cluster.ShardsOfAsync(Cluster.Node("node-2")));
    }

    private async Task<ConsolePage> OpenPlanAsync()
    {
        using var management = Cluster.Management();
        await Eventually.Holds("there is a plan for node-2", Bound, async () => (await management.PlanAsync()).MoveCount > Moves ? null : "there is none");
        var page = await browser.OpenAsync(Cluster.Node("node-1").Management, "/plan");
        await Expect(page.Tab.Locator("table a[href^='#/shard/']")).Not.ToHaveCountAsync(0);
        return page;
    }
}
