using System.Collections.Concurrent;
using System.Net;
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
    public async Task A_node_joins_is_drained_and_killed_and_the_stream_tells_it()
    {
        await using var cluster = await ClusterFixture.StartAsync(new SqliteTestStore(), nodes: 2);
        using var management = cluster.Management();
        await using var stream = await Listener.OpenAsync(cluster.Running.First(), "?type=*");
        await using var members = await Listener.OpenAsync(cluster.Running.First(), "");

        var joined = await cluster.JoinAsync("node-3");
        await stream.TellsAsync("MemberJoined", told => NameIn(told) == "node-3");
        await stream.TellsAsync("MemberUp", told => NameIn(told) == "node-3");
        await stream.TellsAsync("ShardTargetChanged", told => told.GetProperty("target").GetString() == "node-3");
        await stream.TellsAsync("ShardOwnerChanged", told => told.GetProperty("to").GetString() == "node-3" && told.GetProperty("from").GetString() is "node-1" or "node-2");
        await cluster.WaitUntilBalanced(Bound);

        await management.DrainAsync("node-3");
        await stream.TellsAsync("NodeOrdered", told => told.GetProperty("node").GetString() == "node-3" && told.GetProperty("order").GetString() == "drain");

        // Told once the log has been looked at: shards may have left before or leave after.
        await stream.TellsAsync("AuditWritten", told => told.GetProperty("entry").GetProperty("action").GetString() == "nodes/drain", isInOrder: false);
        await stream.TellsAsync("ShardOwnerChanged", told => told.GetProperty("from").GetString() == "node-3");

        await joined.KillAsync();
        await stream.TellsAsync("UnreachableMember", told => NameIn(told) == "node-3");
        await stream.TellsAsync("MemberDowned", told => NameIn(told) == "node-3");
        await stream.TellsAsync("MemberRemoved", told => NameIn(told) == "node-3");

        // Who asked for nothing hears of members alone, in the same order, and the state comes first of all.
        await members.TellsAsync("MemberRemoved", told => NameIn(told) == "node-3");
        Assert.Equal("CurrentClusterState", members.Told[0].Type);
        Assert.Equal(2, members.Told[0].Data.GetProperty("members").GetArrayLength());
        Assert.DoesNotContain(members.Told, told => told.Type.StartsWith("Shard", StringComparison.Ordinal) || told.Type is "NodeOrdered" or "AuditWritten");
        Assert.Equal(["MemberJoined", "MemberUp", "MemberDowned", "MemberRemoved"], members.Told.Select(told => told.Type).Where(type => type.StartsWith("Member", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(1, members.Told.Count).Select(number => (long)number), members.Told.Select(told => told.Id));
    }

    [Fact]
    public async Task Listeners_are_bounded_and_a_node_that_stops_ends_their_streams()
    {
        await using var cluster = await ClusterFixture.StartAsync(new SqliteTestStore(), nodes: 1);
        var node = cluster.Running.Single();
        using var http = new HttpClient { BaseAddress = node.Management };
        using var unknown = await http.GetAsync("/cluster/domain-events?type=MemberDanced");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("ShardOwnerChanged", await unknown.Content.ReadAsStringAsync());

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
