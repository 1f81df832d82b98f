using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Model;

namespace AkkaScale.Tests.Store.Model;

/// <summary>What no comparison can show, as a real failover takes seconds: the model that loses its tail. And that it notices what must not be.</summary>
public sealed class ModelFailoverTests
{
    private static readonly EntityKey A = new("thing", "a");

    private readonly StoreModel _store = new(4, checksMemberOnAcquire: true) { CanLoseTail = true };
    private readonly Incarnation _owner = new(new Guid(1, 0, 0, new byte[8]));
    private readonly Incarnation _other = new(new Guid(2, 0, 0, new byte[8]));

    public ModelFailoverTests()
    {
        Up(_owner);
        Assert.Single(_store.Acquire(_owner, [new ShardClaim(0, null, 0)], "first"));
    }

    [Fact]
    public void A_failover_forgets_the_last_transactions_and_nothing_before_them()
    {
        Assert.Equal(SliceStatus.Written, Append(1, Event(1)));
        var kept = Text();
        Assert.Equal(SliceStatus.Written, Append(1, Event(2)));
        _store.Pin(new ShardPin(1, "node-1", "", "", default));
        Assert.Equal(SliceStatus.HeadMismatch, Append(1, Event(2)));

        Assert.Equal([2L], _store.Promote(2).Select(row => row.Position));

        Assert.Equal(kept, Text());
        Assert.Empty(_store.Read().Pins);
        Assert.Equal(1, _store.VersionOf(A));
        Assert.Null(_store.EventOf(A, 2));
    }

    [Fact]
    public void After_a_failover_nobody_owns_anything_and_epochs_are_above_all_that_was_lost()
    {
        _store.Promote(0);
        Assert.Equal(1, _store.Generation);
        Assert.Equal("model/00000002", _store.Read().Identity.DatabaseIdentity);
        Assert.All(_store.Read().Owners, row => Assert.Equal((null, 1L << 32), (row.Owner, row.Epoch)));
        Assert.Equal(SliceStatus.Fenced, Append(1, Event(1)));
    }

    [Fact]
    public void Whoever_opened_the_store_before_cannot_renew_and_whoever_opens_it_later_can()
    {
        Assert.Equal((WriteOutcome.Applied, 1), _store.Renew(_owner, 0, 0, true));
        _store.Promote(0);
        Assert.Equal((WriteOutcome.Refused, 1), _store.Renew(_owner, 1, 0, true));
        Up(_other);
        Assert.Equal((WriteOutcome.Applied, 1), _store.Renew(_other, 0, 0, true));
    }

    [Fact]
    public void A_second_failover_loses_nothing_from_before_the_first()
    {
        Append(1, Event(1));
        _store.Promote(0);
        Assert.Equal(0, _store.Transactions);
        Assert.Empty(_store.Promote(100));
        Assert.Equal((1L, 2), (_store.ReadHead(0), _store.Generation));
    }

    [Fact]
    public void A_lost_command_may_take_effect_again()
    {
        var lost = Event(1);
        Append(1, lost);
        _store.Promote(1);
        _store.Acquire(_owner, [new ShardClaim(0, null, 1L << 32)], "takeover");
        var epoch = (1L << 32) + 1;
        Assert.Equal(SliceStatus.Written, Append(epoch, lost with { Epoch = epoch }));
    }

    [Fact]
    public void A_command_takes_effect_once()
    {
        var first = Event(1);
        Append(1, first);
        Assert.Throws<StoreModelException>(() => Append(1, Event(2) with { CommandId = first.CommandId }));
    }

    [Fact]
    public void A_refused_command_does_not_take_effect_and_one_that_did_is_not_refused()
    {
        var (refused, done) = (Event(1), Event(1));
        Assert.Equal(SliceStatus.Written, _store.Append(_owner, [new ShardSlice(0, 1, [], [Refusal(refused.CommandId)], [])])[0].Status);
        Assert.Throws<StoreModelException>(() => Append(1, refused));
        Append(1, done);
        Assert.Throws<StoreModelException>(() => _store.Append(_owner, [new ShardSlice(0, 1, [], [Refusal(done.CommandId)], [])]));
    }

    [Fact]
    public void The_reading_is_the_same_object_until_a_row_changes()
    {
        var reading = _store.Read();
        Append(1, Event(1));
        Assert.Same(reading, _store.Read());
        _store.Renew(_owner, 0, 0, true);
        Assert.NotSame(reading, _store.Read());
        Assert.Equal(reading.Owners, _store.Read().Owners);
    }

    private void Up(Incarnation member)
    {
        var row = new MemberSnapshot(member, "node", "", "", ["entity"], "", MemberStatus.Joining, 0, DateTimeOffset.UnixEpoch, "");
        Assert.Equal(WriteOutcome.Applied, _store.Join(row));
        Assert.Equal(WriteOutcome.Applied, _store.ChangeStatus(new StatusChange(member, [MemberStatus.Joining], MemberStatus.Up, null, "")));
    }

    private SliceStatus Append(long epoch, JournalEvent row) => _store.Append(_owner, [new ShardSlice(0, epoch, [row], [], [])])[0].Status;

    private static JournalEvent Event(long number) => new(
        0, number, 1, A, number, "happened", "{}"u8.ToArray(), Guid.NewGuid(), default, new byte[] { 1 }, DateTimeOffset.UnixEpoch);

    private static StoredResult Refusal(Guid commandId) => new(A, commandId, default, 0, new byte[] { 1 }, DateTimeOffset.UnixEpoch);

    private string Text() => string.Join('\n', _store.EventsOfShard(0).Select(StoreText.Of));
}
