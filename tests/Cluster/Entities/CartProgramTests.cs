using System.Net.Http.Json;
using System.Text.Json;
using AkkaScale.Tests.Cluster.Hosting;

namespace AkkaScale.Tests.Cluster.Entities;

/// <summary>An own kind in thirty lines, as the README has it.</summary>
public sealed class CartProgramTests : IDisposable
{
    private const string Begin = "// begin sample\n";
    private const string End = "// end sample";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-cart-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task It_runs_and_a_restart_finds_what_was_written()
    {
        Assert.Equal(("accepted", 1), await AddAsync("book"));
        Assert.Equal(("accepted", 2), await AddAsync("pen"));
    }

    [Fact]
    public void The_readme_has_it_word_for_word()
    {
        var sources = Path.Combine(Root(), "tests", "Cluster", "Entities", "CartProgram.cs");
        var parts = File.ReadAllText(sources).Split(Begin)[1..].Select(part => part[..part.IndexOf(End, StringComparison.Ordinal)]).ToList();
        var document = File.ReadAllText(Path.Combine(Root(), "README.md"));
        Assert.Equal(2, parts.Count);
        Assert.All(parts, part => Assert.Contains(Dedented(part), document, StringComparison.Ordinal));
        Assert.InRange(parts.Sum(part => part.Split('\n').Count(line => line.Trim().Length > 0)), 20, 42);
    }

    private async Task<(string Status, long Version)> AddAsync(string item)
    {
        var management = new Uri($"http://127.0.0.1:{LoopbackPorts.Next()}");
        await using var app = CartProgram.Build($"Data Source={Path.Combine(_directory.FullName, "shop.db")}", LoopbackPorts.Next(), management);
        await Task.Run(() => app.StartAsync());
        using var client = new HttpClient { BaseAddress = management, Timeout = TimeSpan.FromSeconds(60) };
        using var answer = await client.PostAsync($"/carts/c-1/items/{item}", null);
        var reply = await answer.Content.ReadFromJsonAsync<JsonElement>();
        await app.StopAsync();
        return (reply.GetProperty("status").GetInt32() == 0 ? "accepted" : reply.ToString(), reply.GetProperty("version").GetInt64());
    }

    private static string Dedented(string part)
    {
        var lines = part.Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : line)).Trim();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AkkaScale.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("There is no AkkaScale.sln above the test.");
    }
}
