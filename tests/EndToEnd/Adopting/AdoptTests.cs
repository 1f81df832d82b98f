using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd.Adopting;

/// <summary>
/// docs/adopt.md as printed: the packages restored into a program of its own, which runs as it was and as it is with the plug-ins; with
/// AKKASCALE_ADOPT_STEPS=all after each step as well.
/// </summary>
public sealed partial class AdoptTests(PackedShop shop) : IClassFixture<PackedShop>, IAsyncLifetime
{
    /// <summary>The step that takes the journal; each before it writes a row without a fence.</summary>
    private const int FencedFrom = 3;

    private static readonly string[] Carts = ["a", "b", "c", "d", "e", "f", "g", "h"];

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-shop-");
    private readonly Dictionary<string, int> _ports = [];
    private PrivatePostgres? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData(TestStore.Sqlite)]
    [InlineData(TestStore.Postgres)]
    public async Task A_program_with_stock_sharding_takes_the_plugins(string store)
    {
        var database = await DatabaseAsync(store);
        await FillAsStockAsync(store, database);
        int[] steps = Environment.GetEnvironmentVariable("AKKASCALE_ADOPT_STEPS") == "all" ? [.. Enumerable.Range(1, shop.Page.Steps - 1)] : [];
        foreach (var step in steps)
        {
            await RunStepAsync(step, store, database);
        }

        using var first = Start(shop.Adopted, $"adopted-{store}-1", Lines("dotnet run -- ", "--management")[0], database);
        using var second = Start(shop.Adopted, $"adopted-{store}-2", Lines("dotnet run -- ", "--management")[1], database);

        // What was written before is there; from now on writes are fenced.
        Assert.All(await Task.WhenAll(Carts.Select(second.ShowAsync)), cart => Assert.Equal("pear", cart));
        await UpAsync(2);
        Assert.All(await Task.WhenAll(Carts.Select(cart => first.AddAsync(cart, "plum"))), cart => Assert.Equal("pear plum", cart));
        var codes = await FindingsAsync();
        Assert.Contains("journal/unfenced", codes.Keys);
        Assert.StartsWith($"{Carts.Length + steps.Count(step => step < FencedFrom)} of the latest", codes["journal/unfenced"], StringComparison.Ordinal);
        Assert.DoesNotContain("journal/region-unfenced", codes.Keys);
        Assert.DoesNotContain("journal/stock", codes.Keys);

        // A region of the program's own, by the lines of the page.
        await PbmAsync($"pbm --node 127.0.0.1:{Port("8551")} shards move cart/3 127.0.0.1:{Port("4051")}");
        await OwnedByAsync("cart/3", "4051");
        foreach (var line in Lines("pbm "))
        {
            await PbmAsync(line);
        }

        await OwnedByAsync("cart/3", "4052");
        Assert.Contains("ordered by", await PbmAsync($"pbm --node 127.0.0.1:{Port("8551")} shards why cart/3"), StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(Carts.Select(cart => first.AddAsync(cart, "fig"))), cart => Assert.Equal("pear plum fig", cart));

        // The other one serves what a killed one had.
        second.Kill();
        await UpAsync(1);
        Assert.All(await Task.WhenAll(Carts.Select(first.ShowAsync)), cart => Assert.Equal("pear plum fig", cart));
    }

    [Fact]
    public void Each_package_says_what_it_is_and_which_Akka_it_is_for()
    {
        foreach (var name in new[] { "Entities", "Cluster", "Journal", "Sharding", "Management", "TestKit" })
        {
            var package = Assert.Single(Directory.GetFiles(shop.Packages, $"AkkaScale.{name}.*.nupkg"));
            using var zip = ZipFile.OpenRead(package);
            var files = zip.Entries.Select(entry => entry.FullName).ToList();
            Assert.Contains("README.md", files);
            Assert.Contains($"lib/net10.0/AkkaScale.{name}.dll", files);
            Assert.Contains($"lib/net10.0/AkkaScale.{name}.xml", files);
            using var symbols = ZipFile.OpenRead(Path.ChangeExtension(package, ".snupkg"));
            Assert.Contains($"lib/net10.0/AkkaScale.{name}.pdb", symbols.Entries.Select(entry => entry.FullName));
            using var reader = new StreamReader(zip.GetEntry($"AkkaScale.{name}.nuspec")!.Open());
            var metadata = XDocument.Parse(reader.ReadToEnd()).Root!.Elements().Single();
            XElement Element(string element) => metadata.Elements().Single(each => each.Name.LocalName == element);
            Assert.Equal("Apache-2.0", Element("license").Value);
            Assert.True(Element("description").Value.Length > 40, name);
            var asked = metadata.Descendants().Where(each => each.Name.LocalName == "dependency")
                .ToDictionary(each => each.Attribute("id")!.Value, each => each.Attribute("version")!.Value);
            var version = Element("version").Value;
            Assert.All(asked.Where(each => each.Key.StartsWith("AkkaScale.", StringComparison.Ordinal)), each => Assert.Equal($"[{version}]", each.Value));
            Assert.All(
                asked.Where(each => each.Key == "Akka" || each.Key.StartsWith("Akka.", StringComparison.Ordinal)),
                each => Assert.Matches("^\\[1\\.5\\.[0-9]+, 1\\.6\\.0\\)$", each.Value));
            Assert.Equal(name is not ("Entities" or "TestKit"), asked.ContainsKey("Akka.Cluster"));
        }
    }

    [Fact]
    public async Task A_region_whose_ids_nobody_maps_runs_and_the_doctor_says_that_it_has_no_fence()
    {
        using var node = Start(shop.Unmapped, "unmapped", Lines("dotnet run -- ", "--management")[0], await DatabaseAsync(TestStore.Sqlite));
        Assert.Equal("", await node.ShowAsync("a"));
        Assert.Equal("pear", await node.AddAsync("a", "pear"));
        var codes = await FindingsAsync();
        Assert.Contains("cart", codes["journal/region-unfenced"], StringComparison.Ordinal);
        Assert.StartsWith("1 of the latest", codes["journal/unfenced"], StringComparison.Ordinal);

        // Each port has its own routes.
        Assert.Null(await AskAsync("/carts/a"));
        Assert.Null(await AskAsync("/cluster/status", "5001"));
    }

    private async Task FillAsStockAsync(string store, string database)
    {
        using var first = Start(shop.Stock, $"stock-{store}-1", Lines("dotnet run -- ", "--seed")[0], database);
        using var second = Start(shop.Stock, $"stock-{store}-2", Lines("dotnet run -- ", "--seed")[1], database);
        Assert.All(await Task.WhenAll(Carts.Select(second.ShowAsync)), cart => Assert.Equal("", cart));
        Assert.All(await Task.WhenAll(Carts.Select(cart => second.AddAsync(cart, "pear"))), cart => Assert.Equal("pear", cart));
    }

    private async Task RunStepAsync(int step, string store, string database)
    {
        var program = await shop.BuildAsync($"step-{step}-{store}", shop.Page.After(step));
        using var first = Start(program, $"step-{step}-{store}-1", Lines("dotnet run -- ", "--seed")[0], database);
        using var second = Start(program, $"step-{step}-{store}-2", Lines("dotnet run -- ", "--seed")[1], database);
        Assert.All(await Task.WhenAll(Carts.Select(second.ShowAsync)), cart => Assert.Equal("pear", cart));
        var words = string.Join(' ', Enumerable.Range(1, step).Select(number => $"step-{number}"));
        Assert.Equal(words, (await first.AddAsync("steps", $"step-{step}")).Trim());
        Assert.Equal(words, (await second.ShowAsync("steps")).Trim());
    }

    private async Task<string> DatabaseAsync(string store)
    {
        if (store == TestStore.Sqlite)
        {
            return $"Data Source={Path.Combine(_directory.FullName, "shop.db")}";
        }

        _server = await PrivatePostgres.StartAsync();
        return await _server.CreateDatabaseAsync();
    }

    /// <summary>Lines of the page that begin so, and have that word in them.</summary>
    private IReadOnlyList<string> Lines(string beginning, string word = "") =>
        [.. shop.Page.Typed.Where(line => line.StartsWith(beginning, StringComparison.Ordinal) && line.Contains(word, StringComparison.Ordinal))];

    private ShopNode Start(string program, string name, string line, string database)
    {
        var arguments = Words(line).SkipWhile(word => word != "--").Skip(1).ToList();
        arguments[arguments.IndexOf("--database") + 1] = database;
        return ShopNode.Start(program, name, [.. arguments.Select(argument => argument == database ? argument : WithPorts(argument))]);
    }

    private async Task<string> PbmAsync(string line)
    {
        var run = await ProgramRun.ExecuteAsync(
            "dotnet", [Repository.PbmProgram, .. Words(WithPorts(line)).Skip(1)], Bound);

        // The doctor's exit code tells what it found.
        Assert.True(run.ExitCode == 0 || line.EndsWith(" doctor", StringComparison.Ordinal), $"{line}: {run}");
        return run.Output;
    }

    private Task UpAsync(int members) => Eventually.Holds($"{members} members are up and no other is there", Bound, async () =>
        await AskAsync("/cluster/status") is { } status && status.GetProperty("ready").GetBoolean()
        && status.GetProperty("members").ToString().Replace(" ", "", StringComparison.Ordinal) == $"{{\"up\":{members}}}"
            ? null
            : "it is not so");

    private Task OwnedByAsync(string shard, string node) => Eventually.Holds($"{shard} is on the node of {node}", Bound, async () =>
        await AskAsync("/cluster/shards") is { } map && map.GetProperty("shards").EnumerateArray().Any(each =>
            $"{each.GetProperty("region")}/{each.GetProperty("shard")}" == shard && each.GetProperty("owner").GetString() == $"127.0.0.1:{Port(node)}")
            ? null
            : "it is not so");

    /// <summary>What was seen, by the finding's code.</summary>
    private async Task<IReadOnlyDictionary<string, string>> FindingsAsync()
    {
        JsonElement? diagnosis = null;
        await Eventually.Holds("the doctor answers", Bound, async () => (diagnosis = await AskAsync("/doctor")) is null ? "it does not" : null);
        return diagnosis!.Value.GetProperty("findings").EnumerateArray().Select(finding =>
                (Code: finding.GetProperty("code").GetString()!, What: finding.GetProperty("what").GetString()!))
            .DistinctBy(finding => finding.Code).ToDictionary(finding => finding.Code, finding => finding.What);
    }

    private async Task<JsonElement?> AskAsync(string path, string port = "8551")
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{Port(port)}{path}"));
        return answer.IsSuccessStatusCode ? JsonElement.Parse(await answer.Content.ReadAsStringAsync()) : null;
    }

    /// <summary>Of this test, for a port of the page.</summary>
    private int Port(string printed) =>
        _ports.TryGetValue(printed, out var port) ? port : _ports[printed] = FreePorts.Take();

    private string WithPorts(string text) => PrintedPort().Replace(text, port => $"{Port(port.Value)}");

    private static IEnumerable<string> Words(string line) =>
        Word().Matches(line).Select(word => word.Value.Trim('"'));

    [GeneratedRegex("\\b(405|500|855)[12]\\b")]
    private static partial Regex PrintedPort();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
