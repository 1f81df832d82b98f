using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Sharding.Versions;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AkkaScale.Tests.Unit.Versions;

public sealed class WriteGateTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly RegistryStore _store = new();
    private readonly WriteGate _gate;

    public WriteGateTests() => _gate = new WriteGate(
        _store, "node-1", new ClusterOptions { LeaseTtl = TimeSpan.FromMilliseconds(500) }, TimeProvider.System, NullLoggerFactory.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _gate.DisposeAsync();

    [Fact]
    public async Task What_was_registered_before_is_granted_without_a_question()
    {
        _store.Types.Add(("cart", "added"));
        await _gate.StartAsync(default);
        Assert.Equal(WritePermission.Granted, _gate.Look("cart", "added"));
        Assert.Equal(0, _store.Registrations);
    }

    [Fact]
    public async Task A_new_type_is_pending_asked_for_once_and_then_granted()
    {
        await _gate.StartAsync(default);
        _store.Hold();
        for (var look = 0; look < 10; look++)
        {
            Assert.Equal(WriteVerdict.Pending, _gate.Look("cart", "added").Verdict);
        }

        _store.Release();
        await UntilAsync("granted", () => _gate.Look("cart", "added").Verdict == WriteVerdict.Granted);
        Assert.Equal(1, _store.Registrations);
        Assert.Equal(("cart", "added"), Assert.Single(_store.Types));
        Assert.Equal("node-1", _store.LastBy);
    }

    [Fact]
    public async Task A_type_that_a_member_cannot_read_names_the_member_until_it_is_gone()
    {
        _store.Members = [RegistryStore.Member("node-2", "0.1.0", "added"), RegistryStore.Member("node-1", "0.2.0", "added", "added@2")];
        await _gate.StartAsync(default);
        await UntilAsync("held back", () => _gate.Look("cart", "added@2").Verdict == WriteVerdict.HeldBack);
        Assert.Equal("Event added@2 of kind cart is not written yet: node-2 (version 0.1.0) cannot read it.", _gate.Look("cart", "added@2").Detail);

        _store.Members = [RegistryStore.Member("node-1", "0.2.0", "added", "added@2")];
        await UntilAsync("granted", () => _gate.Look("cart", "added@2").Verdict == WriteVerdict.Granted);
    }

    [Fact]
    public async Task Held_back_it_is_asked_for_now_and_then_and_not_at_every_event()
    {
        _store.Members = [RegistryStore.Member("node-2", "0.1.0")];
        await _gate.StartAsync(default);
        await UntilAsync("held back", () => _gate.Look("cart", "added").Verdict == WriteVerdict.HeldBack);
        var before = _store.Registrations;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await UntilAsync("asked again", () =>
        {
            _gate.Look("cart", "added");
            return _store.Registrations > before + 1;
        });
        Assert.True(clock.Elapsed > TimeSpan.FromMilliseconds(400), $"asked twice within {clock.Elapsed}");
    }

    [Fact]
    public async Task A_store_that_is_away_leaves_it_pending_and_the_next_event_asks_again()
    {
        await _gate.StartAsync(default);
        _store.IsAway = true;
        Assert.Equal(WriteVerdict.Pending, _gate.Look("cart", "added").Verdict);
        await UntilAsync("asked again and again", () =>
        {
            Assert.Equal(WriteVerdict.Pending, _gate.Look("cart", "added").Verdict);
            return _store.Registrations > 2;
        });
        _store.IsAway = false;
        await UntilAsync("granted", () => _gate.Look("cart", "added").Verdict == WriteVerdict.Granted);
    }

    [Fact]
    public async Task A_registration_of_unknown_outcome_is_settled_by_reading()
    {
        await _gate.StartAsync(default);
        _store.NextOutcome = WriteOutcome.Unknown; // applied all the same
        _gate.Look("cart", "added");
        await UntilAsync("granted", () => _gate.Look("cart", "added").Verdict == WriteVerdict.Granted);
        Assert.Equal(1, _store.Registrations);
    }

    private static async Task UntilAsync(string what, Func<bool> condition)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Bound, $"within {Bound} this did not happen: {what}");
            await Task.Delay(2);
        }
    }
}
