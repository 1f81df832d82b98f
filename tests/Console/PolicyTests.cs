using System.Net;
using AkkaScale.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaScale.Tests.Console;

/// <summary>What the files are served with, and what the browser makes of it.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class PolicyTests(Browser browser, QuietCluster cluster)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Views = ["/cluster", "/entity/task/t-1", "/shard/task/17", "/regions", "/regions/task", "/moves", "/orders", "/history", "/audit", "/doctor"];

    [ChromiumTheory]
    [InlineData("/console", "text/html; charset=utf-8")]
    [InlineData("/console/", "text/html; charset=utf-8")]
    [InlineData("/console/app.js", "text/javascript; charset=utf-8")]
    [InlineData("/console/console.css", "text/css; charset=utf-8")]
    [InlineData("/console/icon.svg", "image/svg+xml")]
    public async Task Every_file_comes_with_the_policy_and_its_type(string path, string type)
    {
        using var http = new HttpClient { BaseAddress = cluster.Management };
        using var answer = await http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(Policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));

        using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        using var unchanged = await http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [ChromiumTheory]
    [InlineData("/console/../alive")]
    [InlineData("/console/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/console/..%2f..%2fetc%2fpasswd")]
    [InlineData("/console/APP.JS")]
    [InlineData("/console/app.js/")]
    [InlineData("/console/nothing.js")]
    public async Task Only_the_files_that_were_built_in_are_there(string path)
    {
        using var http = new HttpClient { BaseAddress = cluster.Management };
        using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri($"{cluster.Management}{path[1..]}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })));
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest || path.EndsWith("alive", StringComparison.Ordinal), $"{path}: {answer.StatusCode}");
        Assert.DoesNotContain("root:", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task No_view_makes_the_browser_complain_or_asks_another_origin()
    {
        await using var page = await browser.OpenAsync(cluster.Management);
        foreach (var view in Views)
        {
            await page.Tab.GotoAsync($"{cluster.Management}console#{view}");
            await Expect(page.Tab.Locator("main h1, main h2").First).ToBeAttachedAsync();
            await page.Tab.WaitForLoadStateAsync(LoadState.Load);
            await Expect(page.Tab.Locator("main .problem:visible")).ToHaveCountAsync(0);
        }

        Assert.Empty(page.Complaints);
    }

    [ChromiumFact]
    public async Task A_script_in_line_would_not_run()
    {
        await using var page = await browser.OpenAsync(cluster.Management);
        page.Foresee("script-src");
        page.Foresee("Content Security Policy");

        await page.Tab.EvaluateAsync("() => { const tag = document.createElement('script'); tag.textContent = 'window.hasRun = true'; document.body.append(tag); }");

        Assert.False(await page.Tab.EvaluateAsync<bool>("() => window.hasRun === true"));
    }
}
