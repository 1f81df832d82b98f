using System.Collections.Concurrent;
using AkkaScale.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>
/// The console of one node in a tab of its own. Collects whatever a browser complains of: faults of scripts, violations of the policy, answers that were
/// errors, requests to other origins. At dispose there must have been none but those that the test expected.
/// </summary>
public sealed class ConsolePage : IAsyncDisposable
{
    private const float Patience = 20_000;

    private static readonly string Shots = Path.Combine(Repository.Root, ".run", "test-results", "Console");

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentBag<string> _expected = [];

    private ConsolePage(IBrowserContext context, IPage tab) => (_context, Tab) = (context, tab);

    public IPage Tab { get; }

    /// <summary>What the browser has complained of so far.</summary>
    public IReadOnlyCollection<string> Complaints => [.. _complaints.Where(complaint => !_expected.Any(complaint.Contains))];

    public static async Task<ConsolePage> OpenAsync(IBrowserContext context, Uri management, string view)
    {
        context.SetDefaultTimeout(Patience);
        SetDefaultExpectTimeout(Patience);
        var page = new ConsolePage(context, await context.NewPageAsync());
        page.Listen(management);
        await page.Tab.AddInitScriptAsync("addEventListener('securitypolicyviolation', event => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))");
        await page.Tab.GotoAsync($"{management}console#{view}");
        return page;
    }

    /// <summary>A complaint that has to come and proves nothing wrong: a token that is asked for, say.</summary>
    public void Foresee(string part) => _expected.Add(part);

    /// <summary>The cell of a shard on the map, by its name: task/17.</summary>
    public ILocator Shard(string shard) => Tab.Locator($"[data-shard='{shard}']");

    /// <summary>The cells of a node on the map, of the region that it shows.</summary>
    public ILocator ShardsOf(string node) => Tab.Locator($"[data-owner='{node}'] [data-shard]");

    /// <summary>Some shard: there when the page knows the cluster.</summary>
    public ILocator FirstCell => Tab.Locator("[data-shard]").First;

    /// <summary>Has the map show a region.</summary>
    public Task ChooseAsync(string region) => Tab.Locator(".regions").GetByRole(AriaRole.Button, new() { Name = region }).ClickAsync();

    public ILocator Card(string node) => Tab.Locator($"[data-node='{node}']");

    /// <summary>Presses a button of a node's card.</summary>
    public async Task ActAsync(string node, string button)
    {
        if (!await Card(node).Locator("details").EvaluateAsync<bool>("details => details.open"))
        {
            await Card(node).GetByText("Actions", new() { Exact = true }).ClickAsync();
        }

        await Card(node).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
    }

    /// <summary>Gives a reason and goes through with what the open dialog asks.</summary>
    public async Task ConfirmAsync(string verb, string reason)
    {
        var dialog = Tab.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync(reason);
        await dialog.GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
    }

    /// <summary>Keeps a picture beside the results of the suite.</summary>
    public async Task ShotAsync(string name, bool isFull = true)
    {
        Directory.CreateDirectory(Shots);
        await Tab.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Shots, $"{name}.png"), FullPage = isFull });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.Empty(Complaints);
    }

    private void Listen(Uri management)
    {
        Tab.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Text} {message.Location}");
            }
        };
        Tab.PageError += (_, error) => _complaints.Enqueue($"script: {error}");
        Tab.Dialog += (_, dialog) =>
        {
            _complaints.Enqueue($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        Tab.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(management.ToString(), StringComparison.Ordinal))
            {
                _complaints.Enqueue($"request to {request.Url}");
            }
        };
    }
}
