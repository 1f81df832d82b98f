using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaScale.Cluster.Options;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Entities;

/// <summary>The entity's actor over the real journal.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EntityActorTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<StoreKind> Stores => [StoreKind.Sqlite, StoreKind.Postgres];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task It_comes_back_with_its_state_and_what_it_answered(StoreKind store)
    {
        using var database = await EntityDatabase.CreateAsync(store, server);
        await using var host = await EntityHost.StartAsync(database);
        var first = host.Ask(new Add(3), clientKey: true);
        var refused = host.Ask(new Add(-1), clientKey: true);
        var entity = host.Start();
        var answer = await host.ReplyAsync(entity, first);
        Assert.Equal((3L, true), (answer.Version, answer.Created));
        Assert.Equal("tally/negative", (await host.ReplyAsync(entity, refused)).Code);
        Assert.Equal(4, await database.CountAsync("SELECT count(*) FROM journal"));
        Assert.Equal(2, await database.CountAsync("SELECT count(command_id) FROM journal"));

        entity = await host.RestartAsync(entity);
        Assert.Equal(3, (await host.ReplyAsync(entity, host.Ask(new Show()))).Version);
        Assert.Equal(4, host.RecoveredRows);
        var repeat = await host.ReplyAsync(entity, first);
        Assert.Equal((3L, true, true), (repeat.Version, repeat.Created, repeat.Replayed));
        Assert.Equal((ReplyStatus.Refused, true), ((await host.ReplyAsync(entity, refused)).Status, true));
        Assert.Equal(4, (await host.ReplyAsync(entity, host.Ask(new Add(1)))).Version);
        Assert.Equal(5, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Commands_go_on_while_earlier_ones_are_written_and_answers_leave_in_order(StoreKind store)
    {
        const int Many = 50;
        using var database = await EntityDatabase.CreateAsync(store, server);
        await using var host = await EntityHost.StartAsync(database);
        var entity = host.Start();
        await host.ReplyAsync(entity, host.Ask(new Add(1)));
        host.CloseDoor();
        var caller = host.Probe();
        for (var i = 0; i < Many; i++)
        {
            entity.Tell(host.Ask(new Add(2)), caller);
            entity.Tell(host.Ask(new Show()), caller);
        }

        var look = await entity.Ask<EntityLook>(LookAtEntity.Instance, Patience);
        Assert.Equal((1L, 2 * Many), (look.Version, look.Unanswered));
        Assert.Null(look.State);
        host.OpenDoor();
        for (var i = 1; i <= Many; i++)
        {
            Assert.Equal((1L + 2 * i, 1L + 2 * i), (await VersionAsync(), await VersionAsync()));
        }

        look = await entity.Ask<EntityLook>(LookAtEntity.Instance, Patience);
        Assert.Equal("{\"value\":101}", System.Text.Encoding.UTF8.GetString(look.State!));

        async Task<long> VersionAsync() => (await caller.ExpectMsgAsync<EntityOutcome>(Patience)).Reply!.Version;
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_write_that_is_refused_leaves_an_unknown_outcome_and_the_repeat_gets_the_answer(StoreKind store)
    {
        using var database = await EntityDatabase.CreateAsync(store, server);
        await using var host = await EntityHost.StartAsync(database);
        var entity = host.Start();
        await host.ReplyAsync(entity, host.Ask(new Add(1)));
        await host.LoseLeaseAsync();
        var id = host.NewId();
        var end = host.EndAsync(entity);
        Assert.Equal(OutcomeKind.Unknown, (await host.SendAsync(entity, host.Ask(new Add(1), id))).Kind);
        await end;
        Assert.Null(host.Residents.Find(new EntityKey(TallyKind.Name, "t-1")));
        Assert.Equal(1, await database.CountAsync("SELECT count(*) FROM journal"));

        await host.TakeLeaseAsync();
        var repeat = await host.ReplyAsync(host.Start(), host.Ask(new Add(1), id, attempt: 1));
        Assert.Equal((2L, false), (repeat.Version, repeat.Replayed));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Stopped_hard_it_leaves_an_unknown_outcome_and_what_was_written_all_the_same_is_repeated(StoreKind store)
    {
        using var database = await EntityDatabase.CreateAsync(store, server);
        await using var host = await EntityHost.StartAsync(database);
        var entity = host.Start();
        await host.ReplyAsync(entity, host.Ask(new Add(1)));
        host.CloseDoor();
        var id = host.NewId();
        var asked = host.SendAsync(entity, host.Ask(new Add(1), id));
        var read = host.SendAsync(entity, host.Ask(new Show()));
        await entity.Ask<EntityLook>(LookAtEntity.Instance, Patience);
        var end = host.EndAsync(entity);
        entity.Tell(Kill.Instance);
        Assert.Equal((OutcomeKind.Unknown, OutcomeKind.NotServed), ((await asked).Kind, (await read).Kind));
        await end;

        // The next incarnation begins to read while the journal is still about to take the write in.
        var repeat = host.ReplyAsync(host.Start(), host.Ask(new Add(1), id, attempt: 1));
        host.OpenDoor();
        Assert.Equal((2L, true), ((await repeat).Version, (await repeat).Replayed));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Told_to_stop_it_finishes_what_it_writes_and_takes_nothing_more(StoreKind store)
    {
        using var database = await EntityDatabase.CreateAsync(store, server);
        await using var host = await EntityHost.StartAsync(database);
        var entity = host.Start();
        await host.ReplyAsync(entity, host.Ask(new Add(1)));
        host.CloseDoor();
        var caller = host.Probe();
        var end = host.EndAsync(entity);
        entity.Tell(host.Ask(new Add(1)), caller);
        entity.Tell(host.Ask(new Add(1)), caller);
        entity.Tell(StopEntity.Instance);
        entity.Tell(host.Ask(new Add(1)), caller);
        Assert.Equal(OutcomeKind.NotServed, (await caller.ExpectMsgAsync<EntityOutcome>(Patience)).Kind);
        Assert.False(end.IsCompleted);
        host.OpenDoor();
        Assert.Equal(2, (await caller.ExpectMsgAsync<EntityOutcome>(Patience)).Reply!.Version);
        Assert.Equal(3, (await caller.ExpectMsgAsync<EntityOutcome>(Patience)).Reply!.Version);
        await end;
        Assert.Equal(3, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_it_has_forgotten_it_finds_in_the_journal(StoreKind store)
    {
        using var database = await EntityDatabase.CreateAsync(store, server);
        await using var host = await EntityHost.StartAsync(database, new EntityShardingOptions { RememberedCommands = 2 });
        var entity = host.Start();
        var first = host.Ask(new Add(2), clientKey: true);
        var refused = host.Ask(new Add(-1), clientKey: true);
        await host.ReplyAsync(entity, first);
        await host.ReplyAsync(entity, refused);
        for (var i = 0; i < 3; i++)
        {
            await host.ReplyAsync(entity, host.Ask(new Add(1), clientKey: true));
        }

        for (var round = 0; round < 2; round++)
        {
            var repeat = await host.ReplyAsync(entity, first);
            Assert.Equal((2L, true, true), (repeat.Version, repeat.Created, repeat.Replayed));
            var refusal = await host.ReplyAsync(entity, refused);
            Assert.Equal(("tally/negative", 2L, true), (refusal.Code, refusal.Version, refusal.Replayed));
            entity = await host.RestartAsync(entity);
        }

        Assert.Equal(6, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task It_comes_back_from_its_latest_snapshot_and_one_of_another_state_version_is_ignored(StoreKind store)
    {
        using var database = await EntityDatabase.CreateAsync(store, server);
        await using var host = await EntityHost.StartAsync(database, snapshotEvery: 4);
        var entity = host.Start();
        var first = host.Ask(new Add(1), clientKey: true);
        await host.ReplyAsync(entity, first);
        for (var i = 0; i < 9; i++)
        {
            await host.ReplyAsync(entity, host.Ask(new Add(1)));
        }

        await Until.TrueAsync(
            async () => await database.CountAsync("SELECT coalesce(max(sequence_number), 0) FROM snapshot") == 8
                && await database.CountAsync("SELECT count(*) FROM snapshot") == 1,
            "the latest snapshot is saved and the one before it deleted");

        entity = await host.RestartAsync(entity);
        Assert.Equal(10, (await host.ReplyAsync(entity, host.Ask(new Show()))).Version);
        Assert.Equal(2, host.RecoveredRows);
        Assert.True((await host.ReplyAsync(entity, first)).Replayed);

        host.Kind.StateVersion = 2;
        entity = await host.RestartAsync(entity);
        Assert.Equal(10, (await host.ReplyAsync(entity, host.Ask(new Show()))).Version);
        Assert.Equal(10, host.RecoveredRows);
        Assert.True((await host.ReplyAsync(entity, first)).Replayed);
        Assert.Equal(11, (await host.ReplyAsync(entity, host.Ask(new Add(1)))).Version);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_past_that_cannot_be_folded_is_told_to_all_that_wait_for_it(StoreKind store)
    {
        using var database = await EntityDatabase.CreateAsync(store, server);
        await using var host = await EntityHost.StartAsync(database);
        var entity = host.Start();
        await host.ReplyAsync(entity, host.Ask(new Add(3)));
        await host.StopAsync(entity);
        await database.ExecuteAsync("UPDATE journal SET manifest = 'tally.unheard-of@1' WHERE sequence_number = 2");

        var (again, outcomes) = host.StartWith(host.Ask(new Show()), host.Ask(new Add(1)));
        var told = (await Task.WhenAll(outcomes)).Select(outcome => outcome.Reply!).ToList();
        Assert.Equal(["entity/unreadable", "entity/unreadable"], told.Select(reply => reply.Code));
        Assert.All(told, reply => Assert.Contains("unheard-of", reply.Detail, StringComparison.Ordinal)); // so a newer version's event is named
        await host.EndAsync(again);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_row_that_cannot_be_read_at_all_is_told_too(StoreKind store)
    {
        using var database = await EntityDatabase.CreateAsync(store, server);
        await using var host = await EntityHost.StartAsync(database);
        var entity = host.Start();
        await host.ReplyAsync(entity, host.Ask(new Add(3)));
        await host.StopAsync(entity);
        var bytes = store == StoreKind.Sqlite ? "x'7b'" : "'\\x7b'";
        await database.ExecuteAsync($"UPDATE journal SET message = {bytes} WHERE sequence_number = 2");
        var (_, outcomes) = host.StartWith(host.Ask(new Show()));
        Assert.Equal("entity/unreadable", (await outcomes[0]).Reply!.Code);
    }

    [Fact]
    public async Task Told_to_stop_while_it_is_read_it_sends_those_that_wait_away()
    {
        using var database = await EntityDatabase.CreateAsync(StoreKind.Sqlite, server);
        await using var host = await EntityHost.StartAsync(database);
        var busy = host.Start("t-2");
        await host.ReplyAsync(busy, host.Ask(new Add(1), entity: "t-2"));
        host.CloseDoor();
        var written = host.SendAsync(busy, host.Ask(new Add(1), entity: "t-2"));
        await busy.Ask<EntityLook>(LookAtEntity.Instance, Patience);
        var entity = host.Start();
        var asked = host.SendAsync(entity, host.Ask(new Add(1)));
        await host.StopAsync(entity);
        Assert.Equal(OutcomeKind.NotServed, (await asked).Kind);
        host.OpenDoor();
        Assert.Equal(2, (await written).Reply!.Version);
    }

    [Fact]
    public async Task It_asks_its_shard_to_leave_only_when_nothing_is_under_way()
    {
        using var database = await EntityDatabase.CreateAsync(StoreKind.Sqlite, server);
        await using var host = await EntityHost.StartAsync(database);
        var entity = host.Start();
        await host.ReplyAsync(entity, host.Ask(new Add(1)));
        Assert.Same(entity, host.Residents.Find(new EntityKey(TallyKind.Name, "t-1")));
        host.CloseDoor();
        var written = host.SendAsync(entity, host.Ask(new Add(1)));
        Assert.False((await entity.Ask<EntityPassivation>(PassivateEntity.Instance, Patience)).Accepted);
        host.OpenDoor();
        await written;
        Assert.True((await entity.Ask<EntityPassivation>(PassivateEntity.Instance, Patience)).Accepted);
        var passivate = await host.Shard.ExpectMsgAsync<Passivate>(Patience);
        Assert.Same(StopEntity.Instance, passivate.StopMessage);
        await host.StopAsync(entity);
        Assert.Equal(0, host.Residents.Count);
    }

    [Fact]
    public async Task Above_the_bound_of_the_node_the_least_recently_used_asks_to_leave()
    {
        using var database = await EntityDatabase.CreateAsync(StoreKind.Sqlite, server);
        await using var host = await EntityHost.StartAsync(database, new EntityShardingOptions { MaxResidentEntities = 2 });
        var entities = new List<IActorRef>();
        foreach (var id in new[] { "t-1", "t-2", "t-3" })
        {
            entities.Add(host.Start(id));
            await host.ReplyAsync(entities[^1], host.Ask(new Show(), entity: id));
            await host.ReplyAsync(entities[0], host.Ask(new Show()));
        }

        await host.Shard.ExpectMsgAsync<Passivate>((_, sender) => Assert.Same(entities[1], sender), Patience);
    }

    [Fact]
    public async Task A_confirmed_read_is_answered_as_the_database_says()
    {
        using var database = await EntityDatabase.CreateAsync(StoreKind.Sqlite, server);
        await using var host = await EntityHost.StartAsync(
            database, new EntityShardingOptions { ConfirmationTimeout = TimeSpan.FromMilliseconds(200) });
        var entity = host.Start();
        var read = host.Ask(new Show()) with { IsConfirmed = true };
        Assert.Equal(0, (await host.ReplyAsync(entity, read)).Version);
        host.Confirm = _ => Task.FromResult(false);
        Assert.Equal(OutcomeKind.NotServed, (await host.SendAsync(entity, read)).Kind);
        host.Confirm = _ => throw new InvalidOperationException("away");
        Assert.Equal(OutcomeKind.StoreUnavailable, (await host.SendAsync(entity, read)).Kind);
        host.Confirm = _ => new TaskCompletionSource<bool>().Task;
        Assert.Equal(OutcomeKind.StoreUnavailable, (await host.SendAsync(entity, read)).Kind);
    }

    [Fact]
    public async Task What_cannot_be_read_is_answered_so()
    {
        using var database = await EntityDatabase.CreateAsync(StoreKind.Sqlite, server);
        await using var host = await EntityHost.StartAsync(database);
        var unreadable = new UnreadableAsk(new EntityKey(TallyKind.Name, "t-1"), "told so", "ask@2", default);
        var outcome = await host.Start().Ask<EntityOutcome>(unreadable, Patience);
        Assert.Equal((OutcomeKind.NotUnderstood, "told so"), (outcome.Kind, outcome.Detail));
    }
}
