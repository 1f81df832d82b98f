using System.Security.Cryptography;
using System.Text;
using AkkaScale.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>What whoever has no token, a wrong one or too low a role is told.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class TokenTests(Browser browser) : IAsyncLifetime
{
    private const string ViewerToken = "the-viewers-token";
    private const string OperatorToken = "the-operators-token";

    private readonly SqliteTestStore _store = new();
    private ClusterFixture? _cluster;

    public async Task InitializeAsync()
    {
        if (InstalledProgram.Find(Browser.Program) is not null)
        {
            _cluster = await ClusterFixture.StartAsync(_store, nodes: 1);
        }
    }

    public async Task DisposeAsync() => await (_cluster?.DisposeAsync() ?? _store.DisposeAsync());

    [ChromiumFact]
    public async Task A_node_that_shows_nothing_without_a_token_is_seen_with_one()
    {
        var node = await _cluster!.JoinAsync(Guarded("none"));
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
        var node = await _cluster!.JoinAsync(Guarded("viewer"));
        await using var page = await browser.OpenAsync(node.Management);
        page.Foresee("401");
        page.Foresee("403");
        await Expect(page.FirstCell).ToBeVisibleAsync();
        await page.Card("guarded").GetByRole(AriaRole.Button, new() { Name = "Cordon" }).ClickAsync();
        var order = page.Tab.GetByRole(AriaRole.Dialog, new() { Name = "Cordon guarded?" });
        await order.GetByLabel("Reason").FillAsync("to be refused");
        var go = order.GetByRole(AriaRole.Button, new() { Name = "Cordon guarded" });

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

        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await Expect(page.Tab.Locator(".audit .denied")).ToHaveCountAsync(2);
        using var management = new ManagementClient(_cluster.Node("node-1").Management);
        Assert.All(await management.MembersAsync(), member => Assert.Equal("Up", member.Status));
    }

    [ChromiumFact]
    public async Task An_operators_token_changes_and_its_name_is_in_the_audit_log()
    {
        var node = await _cluster!.JoinAsync(Guarded("viewer"));
        await using var page = await browser.OpenAsync(node.Management);
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Enter a token" }).ClickAsync();
        await page.Tab.GetByLabel("Token", new() { Exact = true }).FillAsync(OperatorToken);
        await page.Tab.GetByLabel("Token", new() { Exact = true }).PressAsync("Enter");
        await Expect(page.FirstCell).ToBeVisibleAsync();

        await page.Card("guarded").GetByRole(AriaRole.Button, new() { Name = "Cordon" }).ClickAsync();
        await page.ConfirmAsync("Cordon guarded", "its disk is <b>slow</b>");

        await Expect(page.Card("guarded").Locator(".chip.order")).ToHaveTextAsync("cordon");
        await Expect(page.Card("guarded")).ToContainTextAsync("its disk is <b>slow</b>");
        await Expect(page.Card("guarded").GetByRole(AriaRole.Button, new() { Name = "Uncordon" })).ToBeVisibleAsync();
        await page.ShotAsync("cordoned");
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await Expect(page.Tab.Locator(".audit tbody tr").First).ToContainTextAsync("grace");
    }

    private NodeSettings Guarded(string anonymous) => new()
    {
        Name = "guarded",
        Store = _store,
        Arguments =
        [
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
