using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Hostile;

/// <summary>Requests that are nearly right, to the gateway and to the management port.</summary>
[Collection(Arena.Collection)]
public sealed partial class HttpFuzzTests(Arena arena, ITestOutputHelper output)
{
    private const int AtOnce = 8;

    /// <summary>How long an answer is waited for. A request that is not whole gets none for as long as its deadline; it is given up then, and its outcome is unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    private static readonly TimeSpan SettleBound = TimeSpan.FromSeconds(20);

    [Fact]
    public Task Fuzzed_requests_to_the_gateway_write_only_what_they_are_told() => arena.EndureAsync("HTTP fuzzing of the gateway", output, async () =>
    {
        var run = Guid.NewGuid().ToString("N")[..6]; // an attack may be repeated
        var before = await arena.Journal.ForeignAsync();
        var acknowledged = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var unknown = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var statuses = new ConcurrentDictionary<int, int>();
        await Fuzz.RunAsync("HTTP fuzzing of the gateway", output, AtOnce, async (seed, random, round) =>
        {
            var request = RequestGrammar.ForGateway(random, seed, $"{run}-{round}");
            var answer = await AskAsync(arena.Target.Settings.GatewayPort, request, statuses);
            if (answer.Length == 0)
            {
                unknown[request.Entity] = true;
            }

            foreach (var (id, version) in AcknowledgedIn(answer))
            {
                acknowledged.AddOrUpdate(id, version, (_, earlier) => Math.Max(earlier, version));
            }
        });
        Tell("HTTP fuzzing of the gateway", statuses);

        // Every entity that has come is one whose id an answer named, or one whose answer was not waited for.
        IReadOnlyDictionary<string, long> after = new Dictionary<string, long>();
        await TestKit.Eventually.Holds("the journal has nothing but what was acknowledged", SettleBound, async () =>
        {
            after = await arena.Journal.ForeignAsync();
            var strange = after.Where(entity => before.GetValueOrDefault(entity.Key) < entity.Value
                && !acknowledged.ContainsKey(entity.Key[(entity.Key.IndexOf('/', StringComparison.Ordinal) + 1)..]) && !unknown.ContainsKey(entity.Key)).Take(5).ToList();
            return strange.Count == 0 ? null : string.Join(", ", strange);
        });
        var byId = after.ToLookup(entity => entity.Key[(entity.Key.IndexOf('/', StringComparison.Ordinal) + 1)..], entity => entity.Value);
        Assert.All(acknowledged, told => Assert.Contains(byId[told.Key], version => version >= told.Value));
        Assert.NotEmpty(acknowledged); // else it was all refused before it came near a rule
        Figures.Write(output, $"HTTP fuzzing of the gateway: {acknowledged.Count} entities acknowledged, {unknown.Count} answers not waited for");
        return after.Sum(entity => entity.Value) - before.Sum(entity => entity.Value);
    });

    [Fact]
    public Task Fuzzed_requests_to_the_management_port_order_nothing() => arena.EndureAsync("HTTP fuzzing of the management port", output, async () =>
    {
        var statuses = new ConcurrentDictionary<int, int>();
        await Fuzz.RunAsync("HTTP fuzzing of the management port", output, AtOnce, (_, random, _) =>
            AskAsync(arena.Target.Settings.ManagementPort, RequestGrammar.ForManagement(random), statuses));
        Tell("HTTP fuzzing of the management port", statuses);
        using var management = new ManagementClient(arena.Target.Management);
        Assert.All(await management.ShardsAsync(), shard => Assert.Null(shard.Target));
        Assert.All(await management.MembersAsync(), member => Assert.Equal("Up", member.Status));
    });

    /// <summary>What came back, empty if nothing did. Nothing may be a fault of the node: 503 is by contract, and 505 the server's word to a version of HTTP that it does not speak.</summary>
    private static async Task<string> AskAsync(int port, RequestGrammar request, ConcurrentDictionary<int, int> statuses)
    {
        var answer = await ExchangeAsync(port, request);
        foreach (Match line in StatusLine().Matches(answer))
        {
            var status = int.Parse(line.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            Assert.True(status is < 500 or 503 or 505, $"{answer}\nto {Convert.ToBase64String(request.Bytes)}\n{Encoding.Latin1.GetString(request.Bytes)}");
        }

        return answer;
    }

    private static async Task<string> ExchangeAsync(int port, RequestGrammar request)
    {
        using var client = await RawHttp.ConnectAsync(port);
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        var stream = client.GetStream();
        var received = new MemoryStream();
        using var patience = new CancellationTokenSource();
        try
        {
            var sent = 0;
            foreach (var cut in request.Cuts.Append(request.Bytes.Length))
            {
                await stream.WriteAsync(request.Bytes.AsMemory(sent, cut - sent));
                sent = cut;
            }

            patience.CancelAfter(Patience);
            await stream.CopyToAsync(received, patience.Token);
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException)
        {
            // closed, or not waited for any longer: what was answered until then counts
        }

        return Encoding.UTF8.GetString(received.ToArray());
    }

    /// <summary>Ids and versions in answers of success.</summary>
    private static IEnumerable<(string Id, long Version)> AcknowledgedIn(string received)
    {
        foreach (var answer in received.Split("HTTP/1.1 2").Skip(1))
        {
            var start = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (start < 0 || answer.IndexOf('{', start) is var open && open < 0)
            {
                continue;
            }

            JsonDocument? body;
            try
            {
                body = JsonDocument.Parse(answer[open..(answer.LastIndexOf('}') + 1)]);
            }
            catch (JsonException)
            {
                continue;
            }

            using (body)
            {
                if (body.RootElement.TryGetProperty("id", out var id) && body.RootElement.TryGetProperty("version", out var version))
                {
                    yield return (id.GetString()!, version.GetInt64());
                }
            }
        }
    }

    private void Tell(string what, ConcurrentDictionary<int, int> statuses) =>
        Figures.Write(output, $"{what}: {statuses.Values.Sum()} answers: {string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key} {status.Value}×"))}");

    [GeneratedRegex("HTTP/1\\.1 ([0-9]{3}) ")]
    private static partial Regex StatusLine();
}
