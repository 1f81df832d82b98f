using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Audit;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.TestKit.InProcess;
using AkkaScale.Tests.Unit.Hosting;

namespace AkkaScale.Tests.Unit.Access;

/// <summary>A node whose audit log takes what it is told to.</summary>
public sealed class AuditGateTests
{
    [Fact]
    public async Task What_has_no_row_is_not_carried_out()
    {
        var log = new FakeLog { TakesRows = false };
        await using var cluster = await StartAsync(log);
        using var http = new HttpClient { BaseAddress = cluster.Nodes[0].Management };

        using var pinned = await http.PostAsJsonAsync("/shards/0/pin", new { node = "node-1" });

        Assert.Equal(503, (int)pinned.StatusCode);
        Assert.Equal("access/no-audit", (await pinned.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(0, (await http.GetFromJsonAsync<JsonElement>("/orders")).GetProperty("pins").GetArrayLength());

        log.TakesRows = true;
        using var again = await http.PostAsJsonAsync("/shards/0/pin", new { node = "node-1" });
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Fact]
    public async Task The_row_stands_before_the_change_and_its_outcome_before_the_answer()
    {
        var log = new FakeLog();
        await using var cluster = await StartAsync(log);
        using var http = new HttpClient { BaseAddress = cluster.Nodes[0].Management };
        using var pinned = await http.PostAsJsonAsync("/shards/0/pin", new { node = "node-1", reason = "why", by = "jo" });
        Assert.Equal(200, (int)pinned.StatusCode);

        Assert.Equal(["begin shards/pin Unknown", "finish 200 Allowed by jo: why"], log.Written);

        log.TakesOutcomes = false;
        using var freed = await http.DeleteAsync("/shards/0/pin");
        Assert.Equal(200, (int)freed.StatusCode);
        Assert.Equal(["begin shards/pin Unknown", "finish 200 Allowed by jo: why", "begin shards/pin Unknown"], log.Written);
        Assert.Contains(cluster.Log, line => line.Contains("stays without its outcome", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reading_leaves_no_row()
    {
        var log = new FakeLog();
        await using var cluster = await StartAsync(log);
        using var http = new HttpClient { BaseAddress = cluster.Nodes[0].Management };
        using var orders = await http.GetAsync("/orders");
        Assert.Equal(200, (int)orders.StatusCode);
        Assert.Empty(log.Written);
    }

    private static Task<InProcessCluster> StartAsync(FakeLog log) => InProcessCluster.StartAsync(1, node =>
    {
        node.AddEntity(EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve));
        var through = node.Through;
        node.Through = store => through(store) with { Audit = log };
    });

    private sealed class FakeLog : IAuditStore
    {
        private readonly ConcurrentQueue<string> _written = new();

        public bool TakesRows { get; set; } = true;

        public bool TakesOutcomes { get; set; } = true;

        public IReadOnlyList<string> Written => [.. _written];

        public Task<long> BeginAuditAsync(AuditEntry entry, CancellationToken cancellationToken)
        {
            if (!TakesRows)
            {
                throw new StoreUnavailableException("The disk is full.");
            }

            _written.Enqueue($"begin {entry.Action} {entry.Outcome}");
            return Task.FromResult(1L);
        }

        public Task<WriteOutcome> FinishAuditAsync(AuditEntry entry, CancellationToken cancellationToken)
        {
            if (!TakesOutcomes)
            {
                return Task.FromResult(WriteOutcome.Unknown);
            }

            _written.Enqueue($"finish {entry.Status} {entry.Outcome} by {entry.By}: {entry.Why}");
            return Task.FromResult(WriteOutcome.Applied);
        }

        public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(long before, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<AuditEntry>>([]);
    }
}
