using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Store.Contract;

public abstract class ClusterTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly TimeSpan RenewTimeout = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_member_is_read_back_as_it_joined()
    {
        var store = await OpenAsync();
        var member = Member(store.Self) with { Reason = "näme" };
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.JoinAsync(member, CancellationToken.None));
        var read = Assert.Single((await store.Cluster.ReadAsync(CancellationToken.None)).Members);
        Assert.Equal(member.Roles.ToArray(), read.Roles.ToArray());
        Assert.Equal(member with { Roles = read.Roles }, read);
        Assert.Equal(WriteOutcome.Refused, await store.Cluster.JoinAsync(member, CancellationToken.None));
    }

    [Fact]
    public async Task Whom_a_live_member_cannot_reach_is_read_back()
    {
        var store = await JoinAsync();
        Assert.True((await MemberAsync(store)).Unreachable.IsEmpty);

        Incarnation[] peers = [NewIncarnation(), NewIncarnation()];
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.PublishUnreachableAsync(store.Self, peers, CancellationToken.None));
        Assert.Equal(peers, (await MemberAsync(store)).Unreachable.ToArray());
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.PublishUnreachableAsync(store.Self, [], CancellationToken.None));
        Assert.True((await MemberAsync(store)).Unreachable.IsEmpty);

        await SetStatusAsync(store, store.Self, MemberStatus.Down);
        Assert.Equal(WriteOutcome.Refused, await store.Cluster.PublishUnreachableAsync(store.Self, peers, CancellationToken.None));
    }

    [Fact]
    public async Task A_renewal_raises_the_counter_by_one()
    {
        var store = await JoinAsync();
        using var lease = store.Cluster.OpenLease(store.Self);
        for (var counter = 0L; counter < 3; counter++)
        {
            Assert.Equal(WriteOutcome.Applied, lease.Renew(counter, RenewTimeout, out var renewed));
            Assert.Equal(counter + 1, renewed);
        }

        Assert.Equal(3, Assert.Single((await store.Cluster.ReadAsync(CancellationToken.None)).Members).RenewCounter);
    }

    [Fact]
    public async Task A_renewal_from_another_counter_is_refused()
    {
        var store = await JoinAsync();
        using var lease = store.Cluster.OpenLease(store.Self);
        Assert.Equal(WriteOutcome.Refused, lease.Renew(1, RenewTimeout, out _));
        Assert.Equal(WriteOutcome.Applied, lease.Renew(0, RenewTimeout, out _));
        Assert.Equal(WriteOutcome.Refused, lease.Renew(0, RenewTimeout, out _));
    }

    [Theory]
    [InlineData(MemberStatus.Joining, WriteOutcome.Applied)]
    [InlineData(MemberStatus.Up, WriteOutcome.Applied)]
    [InlineData(MemberStatus.Leaving, WriteOutcome.Applied)]
    [InlineData(MemberStatus.Down, WriteOutcome.Refused)]
    [InlineData(MemberStatus.Dead, WriteOutcome.Refused)]
    [InlineData(MemberStatus.Removed, WriteOutcome.Refused)]
    public async Task A_lease_is_renewed_in_joining_up_and_leaving_only(MemberStatus status, WriteOutcome expected)
    {
        var store = await JoinAsync();
        await SetStatusAsync(store, store.Self, status);
        using var lease = store.Cluster.OpenLease(store.Self);
        Assert.Equal(expected, lease.Renew(0, RenewTimeout, out _));
    }

    [Fact]
    public async Task A_member_that_never_joined_has_no_lease()
    {
        var store = await OpenAsync();
        using var lease = store.Cluster.OpenLease(store.Self);
        Assert.Equal(WriteOutcome.Refused, lease.Renew(0, RenewTimeout, out _));
    }

    [Fact]
    public async Task A_status_changes_only_from_the_named_ones_and_with_the_named_counter()
    {
        var store = await JoinAsync();
        using var lease = store.Cluster.OpenLease(store.Self);
        lease.Renew(0, RenewTimeout, out _);
        Assert.Equal(WriteOutcome.Refused, await ChangeAsync([MemberStatus.Joining, MemberStatus.Leaving], MemberStatus.Down, null));
        Assert.Equal(WriteOutcome.Refused, await ChangeAsync([MemberStatus.Up], MemberStatus.Down, 0));
        Assert.Equal(WriteOutcome.Applied, await ChangeAsync([MemberStatus.Joining, MemberStatus.Up], MemberStatus.Down, 1));
        Assert.Equal(WriteOutcome.Refused, await ChangeAsync([MemberStatus.Joining, MemberStatus.Up], MemberStatus.Down, 1));
        Assert.Equal(WriteOutcome.Applied, await ChangeAsync([MemberStatus.Down], MemberStatus.Dead, null));
        var member = Assert.Single((await store.Cluster.ReadAsync(CancellationToken.None)).Members);
        Assert.Equal((MemberStatus.Dead, "because", 1L), (member.Status, member.Reason, member.RenewCounter));

        Task<WriteOutcome> ChangeAsync(MemberStatus[] from, MemberStatus to, long? counter) =>
            store.Cluster.ChangeStatusAsync(new StatusChange(store.Self, from, to, counter, "because"), CancellationToken.None);
    }

    [Fact]
    public async Task A_renewal_and_a_declaration_of_death_on_the_same_counter_exclude_each_other()
    {
        var store = await JoinAsync();
        var observer = await JoinAsync();
        using var lease = store.Cluster.OpenLease(store.Self);
        var counter = 0L;
        for (var round = 0; round < 50; round++)
        {
            var expected = counter;
            var down = Task.Run(() => observer.Cluster.ChangeStatusAsync(
                new StatusChange(store.Self, [MemberStatus.Up], MemberStatus.Down, expected, "unseen"), CancellationToken.None));
            var renewed = lease.Renew(expected, RenewTimeout, out counter);
            Assert.NotEqual(renewed, await down);
            if (renewed == WriteOutcome.Refused)
            {
                await SetStatusAsync(observer, store.Self, MemberStatus.Up);
            }
        }
    }

    [Fact]
    public async Task Of_many_claims_to_one_term_one_is_granted()
    {
        var stores = new List<OpenStore> { await JoinAsync(), await JoinAsync(), await JoinAsync() };
        var free = new CoordinatorTerm(null, 0);
        var outcomes = await Task.WhenAll(
            stores.Select(store => Task.Run(() => store.Cluster.ClaimCoordinatorAsync(free, store.Self, CancellationToken.None))));
        Assert.Single(outcomes, WriteOutcome.Applied);
        Assert.Equal(2, outcomes.Count(outcome => outcome == WriteOutcome.Refused));
        var winner = stores[outcomes.IndexOf(WriteOutcome.Applied)];
        var term = (await winner.Cluster.ReadAsync(CancellationToken.None)).Coordinator;
        Assert.Equal(new CoordinatorTerm(winner.Self, 1), term);
        Assert.Equal(WriteOutcome.Refused, await winner.Cluster.ClaimCoordinatorAsync(new CoordinatorTerm(null, 1), winner.Self, CancellationToken.None));
        Assert.Equal(WriteOutcome.Refused, await winner.Cluster.ClaimCoordinatorAsync(term with { Term = 2 }, winner.Self, CancellationToken.None));
        Assert.Equal(WriteOutcome.Applied, await stores[0].Cluster.ClaimCoordinatorAsync(term, stores[0].Self, CancellationToken.None));
    }

    [Fact]
    public async Task Targets_of_a_former_coordinator_change_nothing()
    {
        var first = await JoinAsync();
        var second = await JoinAsync();
        await first.Cluster.ClaimCoordinatorAsync(new CoordinatorTerm(null, 0), first.Self, CancellationToken.None);
        var old = new CoordinatorTerm(first.Self, 1);
        var before = new ShardTarget(3, first.Self, "first round", first.Self, 1);
        Assert.Equal(WriteOutcome.Applied, await first.Cluster.WriteTargetsAsync(old, [before], CancellationToken.None));
        await second.Cluster.ClaimCoordinatorAsync(old, second.Self, CancellationToken.None);
        Assert.Equal(
            WriteOutcome.Refused,
            await first.Cluster.WriteTargetsAsync(old, [before with { Target = second.Self }], CancellationToken.None));
        Assert.Equal(
            WriteOutcome.Refused,
            await first.Cluster.WriteTargetsAsync(old with { Term = 2 }, [before with { Target = second.Self }], CancellationToken.None));
        Assert.Equal([before], (await first.Cluster.ReadAsync(CancellationToken.None)).Targets.ToArray());

        var after = new ShardTarget(3, second.Self, "second round", second.Self, 2);
        Assert.Equal(
            WriteOutcome.Applied, await second.Cluster.WriteTargetsAsync(new CoordinatorTerm(second.Self, 2), [after], CancellationToken.None));
        Assert.Equal([after], (await first.Cluster.ReadAsync(CancellationToken.None)).Targets.ToArray());
    }

    [Fact]
    public async Task A_claim_is_granted_only_for_the_row_it_expects()
    {
        var store = await JoinAsync();
        Assert.Empty(await AcquireAsync(store, new ShardClaim(0, null, 1)));
        Assert.Empty(await AcquireAsync(store, new ShardClaim(0, NewIncarnation(), 0)));
        Assert.Empty(await AcquireAsync(store, new ShardClaim(ShardCount, null, 0)));
        await OwnAsync(store, 0);
        Assert.Empty(await AcquireAsync(store, new ShardClaim(0, null, 0)));
        Assert.Empty(await AcquireAsync(store, new ShardClaim(0, null, 1)));
        Assert.Equal(new ShardOwner(0, store.Self, 1, "first"), (await store.Cluster.ReadAsync(CancellationToken.None)).Owners[0]);
    }

    [Fact]
    public async Task Claims_of_one_call_stand_or_fall_on_their_own()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 1);
        var granted = await AcquireAsync(store, new ShardClaim(2, null, 0), new ShardClaim(1, null, 0), new ShardClaim(0, null, 0));
        Assert.Equal([new ShardEpoch(0, 1), new ShardEpoch(2, 1)], granted.OrderBy(shard => shard.Shard));
    }

    [Theory]
    [InlineData(MemberStatus.Joining, false)]
    [InlineData(MemberStatus.Up, false)]
    [InlineData(MemberStatus.Leaving, false)]
    [InlineData(MemberStatus.Down, false)]
    [InlineData(MemberStatus.Dead, true)]
    [InlineData(MemberStatus.Removed, true)]
    public async Task Only_a_dead_or_removed_member_can_be_taken_from(MemberStatus status, bool isGranted)
    {
        var owner = await JoinAsync();
        var successor = await JoinAsync();
        await OwnAsync(owner, 0);
        await SetStatusAsync(successor, owner.Self, status);
        Assert.Equal(isGranted ? [new ShardEpoch(0, 2)] : [], await AcquireAsync(successor, new ShardClaim(0, owner.Self, 1)));
    }

    [Theory]
    [InlineData(MemberStatus.Joining, true, true)]
    [InlineData(MemberStatus.Up, true, true)]
    [InlineData(MemberStatus.Leaving, false, true)]
    [InlineData(MemberStatus.Down, false, false)]
    [InlineData(MemberStatus.Dead, false, false)]
    [InlineData(MemberStatus.Removed, false, false)]
    public async Task Only_a_live_member_is_granted_shards_and_a_leaving_one_its_own(MemberStatus status, bool isGranted, bool isReloaded)
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await SetStatusAsync(store, store.Self, status);
        Assert.Equal(isGranted ? [new ShardEpoch(1, 1)] : [], await AcquireAsync(store, new ShardClaim(1, null, 0)));
        Assert.Equal(isReloaded ? [new ShardEpoch(0, 2)] : [], await AcquireAsync(store, new ShardClaim(0, store.Self, 1)));
    }

    [Fact]
    public async Task A_release_keeps_the_epoch_and_the_next_owner_gets_the_next_one()
    {
        var first = await JoinAsync();
        var second = await JoinAsync();
        await OwnAsync(first, 0, 1);
        Assert.Empty(await first.Cluster.ReleaseAsync(first.Self, [new ShardEpoch(0, 2)], CancellationToken.None));
        Assert.Empty(await second.Cluster.ReleaseAsync(second.Self, [new ShardEpoch(0, 1)], CancellationToken.None));
        Assert.Equal(
            [new ShardEpoch(0, 1), new ShardEpoch(1, 1)],
            (await first.Cluster.ReleaseAsync(first.Self, [new ShardEpoch(1, 1), new ShardEpoch(0, 1)], CancellationToken.None)).OrderBy(shard => shard.Shard));
        Assert.Equal(new ShardOwner(0, null, 1, "first"), (await first.Cluster.ReadAsync(CancellationToken.None)).Owners[0]);
        Assert.Equal([new ShardEpoch(0, 2)], await AcquireAsync(second, new ShardClaim(0, null, 1)));
    }

    [Fact]
    public async Task Every_grant_is_in_the_history()
    {
        var first = await JoinAsync();
        var second = await JoinAsync();
        await OwnAsync(first, 0);
        await first.Cluster.AcquireAsync(first.Self, [new ShardClaim(0, first.Self, 1)], "reload", CancellationToken.None);
        await first.Cluster.ReleaseAsync(first.Self, [new ShardEpoch(0, 2)], CancellationToken.None);
        await second.Cluster.AcquireAsync(second.Self, [new ShardClaim(0, null, 2)], "handoff", CancellationToken.None);
        var history = await first.Journal.ReadOwnershipAsync(0, CancellationToken.None);
        Assert.Equal(
            [(1L, first.Self, "first"), (2L, first.Self, "reload"), (3L, second.Self, "handoff")],
            history.Select(record => (record.Epoch, record.Owner, record.AcquiredBy)));
        Assert.Empty(await first.Journal.ReadOwnershipAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task More_shards_than_fit_one_transaction_are_an_error_of_the_caller()
    {
        var store = await JoinAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => AcquireAsync(
            store, [.. Enumerable.Range(0, IClusterStore.MaxShardsPerTransaction + 1).Select(shard => new ShardClaim(shard, null, 0))]));
        Assert.Empty(await AcquireAsync(store));
        Assert.Empty(await store.Cluster.ReleaseAsync(store.Self, [], CancellationToken.None));
    }

    [Fact]
    public async Task Of_many_members_that_claim_the_same_shards_each_shard_goes_to_one()
    {
        var stores = new List<OpenStore> { await JoinAsync(), await JoinAsync(), await JoinAsync(), await JoinAsync() };
        var claims = Enumerable.Range(0, ShardCount).Select(shard => new ShardClaim(shard, null, 0)).ToArray();
        var grants = await Task.WhenAll(stores.Select((store, index) => Task.Run(
            () => AcquireAsync(store, index % 2 == 0 ? claims : [.. claims.Reverse()]))));
        Assert.Equal(Enumerable.Range(0, ShardCount), grants.SelectMany(granted => granted).Select(granted => granted.Shard).Order());
        Assert.All(grants.SelectMany(granted => granted), granted => Assert.Equal(1, granted.Epoch));
    }

    [Fact]
    public async Task Members_long_gone_are_forgotten_but_never_one_that_still_is_an_owner()
    {
        var owner = await JoinAsync();
        await OwnAsync(owner, 0);
        await SetStatusAsync(owner, owner.Self, MemberStatus.Dead);
        for (var number = 1; number <= 80; number++)
        {
            var gone = Member(NewIncarnation()) with { JoinedAt = Noon.AddMinutes(number) };
            await owner.Cluster.JoinAsync(gone, CancellationToken.None);
            await SetStatusAsync(owner, gone.Incarnation, MemberStatus.Removed);
        }

        var members = (await owner.Cluster.ReadAsync(CancellationToken.None)).Members;
        Assert.InRange(members.Length, 60, 70);
        Assert.Contains(members, member => member.Incarnation == owner.Self);
        Assert.Contains(members, member => member.JoinedAt == Noon.AddMinutes(80));
        Assert.DoesNotContain(members, member => member.JoinedAt == Noon.AddMinutes(1));
    }

    private static async Task<MemberSnapshot> MemberAsync(OpenStore store) =>
        (await store.Cluster.ReadAsync(CancellationToken.None)).Members.Single(member => member.Incarnation == store.Self);
}
