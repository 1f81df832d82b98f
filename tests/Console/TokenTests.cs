using System.Security.Cryptography;
using System.Text;
using AkkaScale.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>What whoever has no token, a wrong one or too low a role is told, by a node that guards itself and hosts no shards.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class TokenTests(Browser browser, QuietCluster cluster)
{
    private const string ViewerToken = "the-viewers-token";
    private const string OperatorToken = "the-operators-token";

    private static int _joined;

    [ChromiumFact]
    public async Task A_node_that_shows_nothing_without_a_token_is_seen_with_one()
    {
        await using var node = await cluster.Nodes.JoinAsync(Guarded("none"));
        await using var page = await browser.OpenAsync(node.Management);
        page.Foresee("401");
        var dialog = page.Tab.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("This node asks for a token");
        await page.Tab.Keyboard.PressAsync("Escape");

        await dialog.GetByLabel("Token").FillAsync("a-guess");
        await dialog.GetByLabel("Token").PressAsync("Enter");
        await Expect(dialog).ToContainTextAsync("This node does not know the token");
        await page.ShotAsync("token-asked");

        await dialog.GetByLabel("Token").FillAsync(ViewerToken);
        await dialog.GetByLabel("Token").PressAsync("Enter");
        await Expect(page.FirstCell).ToBeVisibleAsync();
        await Expect(page.Tab.Locator("#connection")).ToContainTextAsync("live");

        // For this tab only, and gone when told to.
        Assert.Equal(0, await page.Tab.EvaluateAsync<int>("() => localStorage.length + document.cookie.length"));
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Forget the token" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("This node asks for a token");
    }

    [ChromiumFact]
    public async Task Who_may_only_look_is_told_so_and_nothing_changes()
    {
        await using var node = await cluster.Nodes.JoinAsync(Guarded("viewer"));
        await using var page = await browser.OpenAsync(node.Management);
        page.Foresee("401");
        page.Foresee("403");
        await Expect(page.FirstCell).ToBeVisibleAsync();
        var order = await AskToMoveAsync(page);
        await order.GetByLabel("Reason").FillAsync("to be refused");
        var go = order.GetByRole(AriaRole.Button, new() { Name = "Move shard user/0" });

        // Without a token: it is asked for, and can be given.
        await go.ClickAsync();
        var token = page.Tab.GetByRole(AriaRole.Dialog, new() { Name = "Your token" });
        await Expect(token).ToContainTextAsync("read only");
        await token.GetByLabel("Token").FillAsync(ViewerToken);
        await token.GetByLabel("Token").PressAsync("Enter");

        // With a viewer's: a clear word.
        await go.ClickAsync();
        await Expect(order.GetByRole(AriaRole.Alert)).ToContainTextAsync("Your role is too low for this");
        await page.ShotAsync("role-too-low");
        await order.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        // From then on it is offered nothing.
        await Expect(page.Tab.Locator("#connection")).ToContainTextAsync("may look, not change");
        await Expect(page.Tab.GetByRole(AriaRole.Button, new() { Name = "Move …" })).ToHaveCountAsync(0);
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Cluster" }).ClickAsync();
        await Expect(page.Card("node-1")).ToBeVisibleAsync();
        await Expect(page.Card("node-1").GetByText("Actions", new() { Exact = true })).ToBeHiddenAsync();

        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await Expect(page.Tab.Locator(".audit .denied")).ToHaveCountAsync(2);
    }

    [ChromiumFact]
    public async Task An_operators_token_changes_and_its_name_is_in_the_audit_log()
    {
        await using var node = await cluster.Nodes.JoinAsync(Guarded("viewer"));
        await using var page = await browser.OpenAsync(node.Management);
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Enter a token" }).ClickAsync();
        await page.Tab.GetByLabel("Token", new() { Exact = true }).FillAsync(OperatorToken);
        await page.Tab.GetByLabel("Token", new() { Exact = true }).PressAsync("Enter");
        await Expect(page.FirstCell).ToBeVisibleAsync();

        await AskToMoveAsync(page);
        await page.ConfirmAsync("Move shard user/0", "its disk is <b>slow</b>");
        await Expect(page.Tab.Locator(".toast")).ToContainTextAsync("user/0");
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await Expect(page.Tab.Locator(".audit tbody tr").First).ToContainTextAsync("grace");
        await Expect(page.Tab.Locator(".audit tbody tr").First).ToContainTextAsync("its disk is <b>slow</b>");
        await page.ShotAsync("ordered");

        // A member that is told to leave from the page leaves, and the reason stands beside the name.
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Cluster" }).ClickAsync();
        var name = page.Card(node.Name).Locator("h3 .clip");
        await Expect(name).ToHaveAttributeAsync("title", node.Name);
        Assert.True(await name.EvaluateAsync<bool>("name => name.scrollWidth > name.clientWidth && getComputedStyle(name).textOverflow === 'ellipsis'"));
        await page.ActAsync(node.Name, "Leave …");
        await page.Tab.GetByLabel("To confirm").FillAsync(node.Name);
        page.Foresee("net::ERR");
        page.Foresee("503");
        await page.ConfirmAsync($"Have {node.Name} leave", "the rack is given up");
        Assert.Equal(0, await node.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        await using var other = await browser.OpenAsync(cluster.Management, "/audit");
        var row = other.Tab.Locator(".audit tbody tr").Filter(new() { HasText = "member/leave" });
        await Expect(row).ToContainTextAsync("grace");
        await Expect(row).ToContainTextAsync("the rack is given up");
        await Expect(row.Locator("[data-label='On']")).ToContainTextAsync(node.Name);
    }

    private static async Task<ILocator> AskToMoveAsync(ConsolePage page)
    {
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Shard", Exact = true }).ClickAsync();
        await page.Tab.GetByLabel("Region").SelectOptionAsync("user");
        await page.Tab.GetByLabel("Shard", new() { Exact = true }).FillAsync("0");
        await page.Tab.GetByLabel("Shard", new() { Exact = true }).PressAsync("Enter");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Move …" }).ClickAsync();
        return page.Tab.GetByRole(AriaRole.Dialog, new() { Name = "Move shard user/0?" });
    }

    private NodeSettings Guarded(string anonymous) => new()
    {
        Name = $"guarded-by-a-name-that-is-too-long-for-any-column-{Interlocked.Increment(ref _joined)}",
        Roles = "gateway",
        Store = cluster.Nodes.Store,
        Arguments =
        [
            .. QuietCluster.FewShards,
            "--management-anonymous", anonymous,
            .. Token(0, "walter", "viewer", ViewerToken),
            .. Token(1, "grace", "operator", OperatorToken),
        ],
    };

    private static IEnumerable<string> Token(int nr, string name, string role, string token) =>
    [
        $"--AkkaScale:Management:Tokens:{nr}:Name", name,
        $"--AkkaScale:Management:Tokens:{nr}:Role", role,
        $"--AkkaScale:Management:Tokens:{nr}:Sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))),
    ];
}
