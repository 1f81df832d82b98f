using System.Collections.Concurrent;
using Akka.Actor;
using AkkaScale.Domain;
using AkkaScale.Domain.Tasks;
using AkkaScale.Entities;
using AkkaScale.Sharding.Figures;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Routing;
using AkkaScale.TestKit;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>The client against a region that the test plays: an actor that keeps what it is asked until the test answers.</summary>
public sealed class EntityClientTests : IAsyncLifetime
{
    private const string Home = "akka.tcp://test@127.0.0.1:1";
    private const string OtherHome = "akka.tcp://test@127.0.0.1:2";

    private readonly ActorSystem _system = ActorSystem.Create("client");
    private readonly ShardMapView _map = new();
    private readonly EntityMetrics _metrics = new();
    private readonly PlayedRegions _regions;
    private readonly EntityShardingOptions _options = new() { AttemptTimeout = TimeSpan.FromMinutes(1), MaxAsks = 2 };
    private readonly EntityClient _client;

    public EntityClientTests()
    {
        _regions = new PlayedRegions(_system);
        _client = new EntityClient(
            new EntityKindRegistry(TaskSystem.Kinds), _options, _regions, _map, _metrics, TimeProvider.System);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _client.Dispose();
        _metrics.Dispose();
        await _system.Terminate();
    }

    [Fact]
    public async Task All_attempts_of_a_command_have_one_id_and_later_ones_say_so()
    {
        var reply = _client.AskAsync(Command("t-1"), default).AsTask();
        (await AskedAsync(1)).Answer(EntityOutcome.Unknown("lost"));
        var second = await AskedAsync(2);
        second.Answer(EntityOutcome.NotServed);
        var third = await AskedAsync(3);
        third.Answer(Done);

        Assert.Equal(ReplyStatus.Accepted, (await reply).Status);
        Assert.Equal([0, 1, 1], _regions.Asked.Select(asked => asked.Ask.Attempt));
        Assert.Single(_regions.Asked.Select(asked => asked.Ask.CommandId).Distinct());
        Assert.NotEqual(Guid.Empty, third.Ask.CommandId);
    }

    [Fact]
    public async Task What_only_this_client_has_repeated_is_no_repeat_to_its_caller()
    {
        foreach (var isKey in new[] { false, true })
        {
            var sent = _regions.Asked.Count;
            var reply = _client.AskAsync(Command("t-1") with { IsClientKey = isKey }, default).AsTask();
            (await AskedAsync(sent + 1)).Answer(EntityOutcome.Answered(Done.Reply! with { Replayed = true }));
            Assert.Equal(isKey, (await reply).Replayed);
        }
    }

    [Fact]
    public async Task A_new_home_is_asked_at_once_and_a_late_answer_of_the_old_one_still_counts()
    {
        Homes(Home);
        var reply = _client.AskAsync(Command("t-1"), default).AsTask();
        var first = await AskedAsync(1);
        Homes(OtherHome);
        await AskedAsync(2);
        first.Answer(Done);
        Assert.Equal(ReplyStatus.Accepted, (await reply).Status);
    }

    [Fact]
    public async Task A_home_that_is_no_member_any_more_makes_the_client_ask_again_once()
    {
        Homes(Home);
        var reply = _client.AskAsync(Command("t-1"), default).AsTask();
        await AskedAsync(1);
        _regions.Gone = Home;
        _map.Wake();
        var second = await AskedAsync(2);
        _map.Wake();
        _map.Wake();
        second.Answer(Done);
        await reply;
        Assert.Equal(2, _regions.Asked.Count);
    }

    [Fact]
    public async Task A_shard_that_gets_its_first_home_is_not_asked_twice()
    {
        var reply = _client.AskAsync(Command("t-1"), default).AsTask();
        var first = await AskedAsync(1);
        Homes(Home);
        _map.Wake();
        first.Answer(Done);
        await reply;
        Assert.Single(_regions.Asked);
    }

    [Fact]
    public async Task At_the_deadline_an_unanswered_command_is_in_doubt_and_an_unanswered_read_is_not()
    {
        var brief = TimeSpan.FromMilliseconds(100);
        Assert.Equal(ReplyStatus.DeadlineExceeded, (await _client.AskAsync(Command("t-1") with { Timeout = brief }, default)).Status);
        _regions.IsStarted = false;
        Assert.Equal(
            ReplyStatus.ShardUnavailable, (await _client.AskAsync(Command("t-1") with { Timeout = brief, IsRead = true }, default)).Status);
    }

    [Fact]
    public async Task At_the_deadline_the_caller_is_told_what_stood_in_the_way_not_that_the_last_attempt_came_too_late()
    {
        var reply = _client.AskAsync(Command("t-1") with { Timeout = TimeSpan.FromMilliseconds(500), IsRead = true }, default).AsTask();
        for (var attempt = 1; !reply.IsCompleted; attempt++)
        {
            await Task.WhenAny(reply, AskedAsync(attempt));
            if (_regions.Asked.Count >= attempt)
            {
                _regions.Asked[attempt - 1].Answer(attempt == 1 ? EntityOutcome.NotServed : EntityOutcome.Expired);
            }
        }

        Assert.True(_regions.Asked.Count > 1);
        Assert.Equal((ReplyStatus.ShardUnavailable, "shard/unavailable"), ((await reply).Status, (await reply).Code));
    }

    [Fact]
    public async Task One_command_too_many_is_overloaded_and_room_comes_back()
    {
        var waiting = Enumerable.Range(0, 2).Select(number => _client.AskAsync(Command($"t-{number}"), default).AsTask()).ToList();
        Assert.Equal(ReplyStatus.Overloaded, (await _client.AskAsync(Command("t-9"), default)).Status);
        await AskedAsync(2);
        foreach (var asked in _regions.Asked)
        {
            asked.Answer(Done);
        }

        await Task.WhenAll(waiting);
        var again = _client.AskAsync(Command("t-9"), default).AsTask();
        (await AskedAsync(3)).Answer(Done);
        Assert.Equal(ReplyStatus.Accepted, (await again).Status);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        using var giveUp = new CancellationTokenSource();
        var reply = _client.AskAsync(Command("t-1"), giveUp.Token).AsTask();
        await AskedAsync(1);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_said_by_name()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _client.AskAsync(Command("t-1") with { Entity = new("tisk", "t") }, default).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _client.AskAsync(Command("") with { }, default).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _client.AskAsync(Command("t-1") with { IsConfirmed = true }, default).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _client.AskAsync(new EntityCommand(new("task", "t-1"), "words"), default).AsTask());
    }

    private static EntityOutcome Done { get; } = EntityOutcome.Answered(new EntityReply(ReplyStatus.Accepted, "", "", 1, false, false, null));

    private static EntityCommand Command(string id) => new(new EntityKey("task", id), new StartTask());

    private void Homes(string home) => _map.TakeOver(
        ShardMapPublished.Of("task", home, 1, 1, Enumerable.Range(0, 8).ToDictionary(shard => shard, _ => home)), TimeSpan.Zero);

    private async Task<Asked> AskedAsync(int count)
    {
        await Eventually.Holds(
            $"attempt {count} is sent", TimeSpan.FromSeconds(20),
            () => Task.FromResult(_regions.Asked.Count >= count ? null : $"{_regions.Asked.Count} were"));
        return _regions.Asked[count - 1];
    }

    private sealed record Asked(EntityAsk Ask, IActorRef Sender)
    {
        public void Answer(EntityOutcome outcome) => Sender.Tell(outcome);
    }

    private sealed class PlayedRegions : IEntityRegions
    {
        private readonly ConcurrentQueue<Asked> _asked = new();
        private readonly IActorRef _region;

        public PlayedRegions(ActorSystem system)
        {
            var asked = _asked;
            _region = system.ActorOf(Props.Create(() => new Recorder(asked)));
        }

        public bool IsStarted { get; set; } = true;

        public string? Gone { get; set; }

        public IReadOnlyList<Asked> Asked => [.. _asked];

        public EntityRegion RegionOf(string kind) => new(kind, 8);

        public IActorRef? Find(string kind) => IsStarted ? _region : null;

        public bool IsMember(string address) => address != Gone;
    }

    private sealed class Recorder : ReceiveActor
    {
        public Recorder(ConcurrentQueue<Asked> asked) => Receive<EntityAsk>(ask => asked.Enqueue(new Asked(ask, Sender)));
    }
}
