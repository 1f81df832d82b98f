using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>What a node's stream of events tells of a cluster of real processes.</summary>
public sealed class EventStreamTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_joins_gets_shards_and_is_killed_and_the_stream_tells_it()
    {
        await using var nodes = new SmallCluster();
        var first = await nodes.StartAsync("node-1");
        await using var stream = await Listener.OpenAsync(first, "?type=*");
        await using var members = await Listener.OpenAsync(first, "");

        var second = await nodes.StartAsync("node-2");
        await stream.TellsAsync("MemberJoined", told => NameIn(told) == "node-2");
        await stream.TellsAsync("MemberUp", told => NameIn(told) == "node-2");
        using var management = new ManagementClient(first.Management);
        await Eventually.Holds("every shard has a node", Bound, async () =>
            (await management.StatusAsync()).Shards is { Unowned: 0 } ? null : "some have none");
        var moved = await ShardOfAsync(first);
        await management.MoveAsync(moved.Region, moved.Number, "node-2");
        await stream.TellsAsync("ShardHomeChanged", told => IsHome(told, moved, "node-2"), isInOrder: false);

        // Told once the log has been looked at: the shard may have moved before or move after.
        await stream.TellsAsync(
            "AuditWritten", told => told.GetProperty("entry").GetProperty("action").GetString() == "shards/move", isInOrder: false);

        await second.KillAsync();

        // The database says at once that it is dead, and the heartbeats that it is not reached: which of them comes first is chance.
        await stream.TellsAsync("UnreachableMember", told => NameIn(told) == "node-2", isInOrder: false);
        await stream.TellsAsync("MemberDowned", told => NameIn(told) == "node-2", isInOrder: false);
        await stream.TellsAsync("MemberRemoved", told => NameIn(told) == "node-2");
        await stream.TellsAsync("ShardHomeChanged", told => IsHome(told, moved, "node-1"), isInOrder: false);

        // Who asked for nothing hears of members alone, in the same order, and the state comes first of all.
        await members.TellsAsync("MemberRemoved", told => NameIn(told) == "node-2");
        Assert.Equal("CurrentClusterState", members.Told[0].Type);
        Assert.Equal(1, members.Told[0].Data.GetProperty("members").GetArrayLength());
        Assert.DoesNotContain(members.Told, told => told.Type.StartsWith("Shard", StringComparison.Ordinal) || told.Type == "AuditWritten");
        Assert.Equal(["MemberJoined", "MemberUp", "MemberDowned", "MemberRemoved"], members.Told.Select(told => told.Type).Where(type => type.StartsWith("Member", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(1, members.Told.Count).Select(number => (long)number), members.Told.Select(told => told.Id));
    }

    [Fact]
    public async Task Listeners_are_bounded_and_a_node_that_stops_ends_their_streams()
    {
        await using var nodes = new SmallCluster();
        var node = await nodes.StartAsync("node-1");
        using var http = new HttpClient { BaseAddress = node.Management };
        using var unknown = await http.GetAsync("/cluster/domain-events?type=MemberDanced");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("ShardHomeChanged", await unknown.Content.ReadAsStringAsync());

        var listeners = new List<Listener>();
        for (var number = 0; number < 32; number++)
        {
            listeners.Add(await Listener.OpenAsync(node, "?type=ShardEvent"));
        }

        using var refused = await http.GetAsync("/cluster/domain-events");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        await listeners[0].DisposeAsync();
        await Eventually.Holds("there is room again when one has gone", Bound, async () =>
        {
            using var again = await http.GetAsync("/cluster/domain-events", HttpCompletionOption.ResponseHeadersRead);
            return again.StatusCode == HttpStatusCode.OK ? null : $"{again.StatusCode}";
        });

        node.Terminate();
        Assert.Equal(0, await node.WaitForExitAsync(Bound));
        foreach (var listener in listeners.Skip(1))
        {
            await listener.DisposeAsync();
        }
    }

    private static async Task<(string Region, int Number)> ShardOfAsync(NodeProcess node)
    {
        using var http = new HttpClient { BaseAddress = node.Management };
        var shard = (await http.GetFromJsonAsync<JsonElement>("/cluster/shards")).GetProperty("shards").EnumerateArray()
            .First(each => each.GetProperty("owner").GetString() == node.Name);
        return (shard.GetProperty("region").GetString()!, shard.GetProperty("shard").GetInt32());
    }

    private static bool IsHome(JsonElement told, (string Region, int Number) shard, string node) =>
        (told.GetProperty("region").GetString(), told.GetProperty("shard").GetInt32(), told.GetProperty("to").GetString())
            == (shard.Region, shard.Number, node);

    private static string? NameIn(JsonElement told) => told.GetProperty("member").GetProperty("name").GetString();

    /// <summary>An open stream; what it has told so far.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<(long Id, string Type, JsonElement Data)> _told = new();
        private Task _reading = Task.CompletedTask;
        private int _seen;

        public IReadOnlyList<(long Id, string Type, JsonElement Data)> Told => [.. _told];

        public static async Task<Listener> OpenAsync(NodeProcess node, string query)
        {
            var listener = new Listener();
            var answer = await listener._http.GetAsync(new Uri(node.Management, $"/cluster/domain-events{query}"), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(("OK", "text/event-stream"), (answer.StatusCode.ToString(), answer.Content.Headers.ContentType?.MediaType));
            listener._reading = listener.ReadAsync(answer);
            await listener.TellsAsync("CurrentClusterState", _ => true);
            return listener;
        }

        /// <summary>Something is told after what was told last.</summary>
        /// <param name="isInOrder">What is looked for next comes after it.</param>
        public async Task TellsAsync(string type, Func<JsonElement, bool> what, bool isInOrder = true)
        {
            await Eventually.Holds($"the stream tells the {type} that is waited for", Bound, () =>
            {
                var told = Told;
                for (var at = _seen; at < told.Count; at++)
                {
                    if (told[at].Type == type && what(told[at].Data))
                    {
                        _seen = isInOrder ? at : _seen;
                        return null;
                    }
                }

                return $"after {_seen}: {string.Join(", ", told.Skip(_seen).Select(item => item.Type).Distinct())}";
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _reading;
            _http.Dispose();
            _stop.Dispose();
        }

        private async Task ReadAsync(HttpResponseMessage answer)
        {
            try
            {
                using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(_stop.Token));
                var (id, type) = (0L, "");
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    if (line.StartsWith("id: ", StringComparison.Ordinal))
                    {
                        id = long.Parse(line.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture);
                    }
                    else if (line.StartsWith("event: ", StringComparison.Ordinal))
                    {
                        type = line[7..];
                    }
                    else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    {
                        _told.Enqueue((id, type, JsonDocument.Parse(line[6..]).RootElement.Clone()));
                    }
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or HttpRequestException)
            {
                // Closed from here, or by the node.
            }
            finally
            {
                answer.Dispose();
            }
        }
    }
}
