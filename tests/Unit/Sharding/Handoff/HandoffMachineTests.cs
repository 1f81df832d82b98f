using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Handoff;

namespace AkkaScale.Tests.Unit.Sharding.Handoff;

/// <summary>One attempt as a conversation: what happens to it, and what it asks for.</summary>
public sealed class HandoffMachineTests
{
    private const int Window = 1_000;

    private static readonly WarmManifest Manifest = new([new ManifestEntry(1, 1)], 8);

    private readonly ShardingOptions _options = new() { HandoffWindowBytes = Window };
    private readonly HandoffMachine _machine;

    public HandoffMachineTests() => _machine = new HandoffMachine(_options);

    [Fact]
    public void Everything_in_order_offer_copies_stop_rest_manifest_ready()
    {
        Assert.Contains(new HandoffEffect.SendOffer(), Say(new HandoffInput.Begin()));
        Assert.Contains(new HandoffEffect.CopyOut(IsNewPass: true), Say(Accepted));
        var copied = Say(Copied(100, isPassOver: false));
        Assert.IsType<HandoffEffect.SendChunk>(copied[0]);
        Assert.Equal(new HandoffEffect.CopyOut(IsNewPass: false), copied[1]);
        Assert.Single(Say(Copied(100, isPassOver: true)).OfType<HandoffEffect.SendChunk>());

        // The shard serves until the target has what was sent so far.
        Assert.Empty(Say(new HandoffInput.ChunkAcked(1, false)));
        Assert.Equal([new HandoffEffect.StopIntake()], Say(new HandoffInput.ChunkAcked(2, false)));

        var settled = Say(Settled(100));
        Assert.Equal(new HandoffEffect.SetDeadline(_options.HandoffPauseLimit), settled[0]);
        Assert.Equal(3, Assert.IsType<HandoffEffect.SendChunk>(settled[1]).Number);
        Assert.Equal(new HandoffEffect.SendManifest(Manifest, 3), settled[2]);
        Assert.Empty(Say(new HandoffInput.ChunkAcked(3, false)));
        Assert.Equal([new HandoffEffect.ReportReady(null)], Say(new HandoffInput.ManifestAcked(true)));
        Assert.Empty(Say(new HandoffInput.GivenAway()));
        Assert.Empty(Say(new HandoffInput.Ended(true)));
        Assert.Equal(HandoffPhase.Over, _machine.Phase);
    }

    [Fact]
    public void What_is_not_acknowledged_stays_within_the_window()
    {
        Begin();
        var sent = Say(new HandoffInput.Copied([new byte[400], new byte[400], new byte[400], new byte[400]], true, 0));
        Assert.Equal(2, sent.OfType<HandoffEffect.SendChunk>().Count());
        Assert.Single(Say(new HandoffInput.ChunkAcked(1, false)).OfType<HandoffEffect.SendChunk>());

        // Twice the same acknowledgement is one.
        Assert.Empty(Say(new HandoffInput.ChunkAcked(1, false)));
        Assert.Single(Say(new HandoffInput.ChunkAcked(2, false)).OfType<HandoffEffect.SendChunk>());
    }

    [Fact]
    public void A_chunk_larger_than_the_window_goes_alone()
    {
        Begin();
        Assert.Single(Say(new HandoffInput.Copied([new byte[Window + 1], new byte[1]], true, 0)).OfType<HandoffEffect.SendChunk>());
        Assert.Single(Say(new HandoffInput.ChunkAcked(1, false)).OfType<HandoffEffect.SendChunk>());
    }

    [Fact]
    public void Many_changes_are_worth_another_pass_but_not_without_end()
    {
        Begin();
        for (var pass = 2; pass <= 4; pass++)
        {
            Assert.Equal([new HandoffEffect.CopyOut(IsNewPass: true)], Say(new HandoffInput.Copied([], true, 10_000)));
        }

        Assert.Equal([new HandoffEffect.StopIntake()], Say(new HandoffInput.Copied([], true, 10_000)));
    }

    [Fact]
    public void A_target_that_refuses_gets_the_shard_without_copies()
    {
        Say(new HandoffInput.Begin());
        Assert.Contains(new HandoffEffect.StopIntake(), Say(new HandoffInput.Answered(false, "full")));
        Assert.Equal([new HandoffEffect.ReportReady("full")], Say(Settled(100)));
    }

    [Fact]
    public void A_target_that_is_not_connected_yet_is_waited_for_while_the_shard_serves()
    {
        Say(new HandoffInput.Begin());
        Assert.Empty(Say(Cut));
        Assert.Equal([new HandoffEffect.SendOffer()], Say(new HandoffInput.Connected()));
        Assert.Empty(Say(Cut));
        Assert.Contains(new HandoffEffect.StopIntake(), Say(new HandoffInput.DeadlinePassed()));
    }

    [Fact]
    public void A_target_that_is_lost_while_copying_gets_the_shard_without_copies()
    {
        Begin();
        Say(Copied(100, isPassOver: false));
        var effects = Say(Cut);
        Assert.Equal(new HandoffEffect.SendAbort("lost"), effects[0]);
        Assert.Equal(new HandoffEffect.StopIntake(), effects[1]);

        // What was copied in the meantime is not sent any more.
        Assert.Empty(Say(Copied(100, isPassOver: false)));
        Assert.Equal([new HandoffEffect.ReportReady("lost")], Say(Settled(100)));
    }

    [Fact]
    public void A_target_that_is_lost_while_the_shard_settles_gets_it_without_copies()
    {
        Stop();
        Assert.Equal([new HandoffEffect.SendAbort("lost")], Say(Cut));
        Assert.Equal([new HandoffEffect.ReportReady("lost")], Say(Settled(100)));
    }

    [Fact]
    public void A_target_that_does_not_acknowledge_in_time_gets_the_shard_without_copies()
    {
        Stop();
        Say(Settled(100));
        Assert.Equal(
            [new HandoffEffect.SendAbort("it took too long"), new HandoffEffect.ReportReady("it took too long")], Say(new HandoffInput.DeadlinePassed()));
        Assert.Empty(Say(new HandoffInput.ManifestAcked(true)));
    }

    [Fact]
    public void A_manifest_that_does_not_match_makes_it_cold()
    {
        Stop();
        Say(Settled(100));
        Assert.Equal([new HandoffEffect.ReportReady("the target did not get everything")], Say(new HandoffInput.ManifestAcked(false)));
    }

    [Fact]
    public void A_shard_that_never_learnt_its_next_position_moves_without_copies()
    {
        Stop();
        var effects = Say(new HandoffInput.Settled([], new WarmManifest([], 0)));
        Assert.IsType<HandoffEffect.SendAbort>(effects[0]);
        Assert.IsType<HandoffEffect.ReportReady>(effects[1]);
    }

    [Fact]
    public void A_full_target_keeps_what_it_has_and_is_sent_no_more()
    {
        Begin();
        Say(new HandoffInput.Copied([new byte[900], new byte[900]], false, 0));
        Assert.Equal([new HandoffEffect.StopIntake()], Say(new HandoffInput.ChunkAcked(1, true)));
        Assert.Contains(new HandoffEffect.SendManifest(Manifest, 1), Say(Settled(100)));
    }

    [Fact]
    public void Once_ready_a_lost_connection_changes_nothing()
    {
        ReadyWarm();
        Assert.Empty(Say(Cut));
        Assert.Empty(Say(new HandoffInput.DeadlinePassed()));
        Assert.Equal(HandoffPhase.Ready, _machine.Phase);
    }

    [Fact]
    public void Called_off_while_copying_the_shard_has_nothing_to_resume()
    {
        Begin();
        Assert.Equal([new HandoffEffect.SendAbort("the shard stays")], Say(new HandoffInput.CalledOff()));
        Assert.Empty(Say(Copied(100, isPassOver: true)));
    }

    [Fact]
    public void Called_off_when_ready_the_shard_goes_on_and_the_copies_are_void()
    {
        ReadyWarm();
        Assert.Equal([new HandoffEffect.Resume(), new HandoffEffect.SendAbort("the shard stays")], Say(new HandoffInput.CalledOff()));
    }

    [Fact]
    public void Once_given_away_nothing_resumes_the_shard()
    {
        ReadyWarm();
        Say(new HandoffInput.GivenAway());
        Assert.Empty(Say(new HandoffInput.CalledOff()));
        Assert.Empty(Say(new HandoffInput.ShardGone()));
        Assert.Equal([new HandoffEffect.SendAbort("the shard was not given away")], Say(new HandoffInput.Ended(false)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_shard_that_stops_voids_its_copies(int after)
    {
        new Action[] { Begin, Stop, ReadyWarm }[after]();
        Assert.Equal([new HandoffEffect.SendAbort("the shard has stopped")], Say(new HandoffInput.ShardGone()));
        Assert.Equal(HandoffPhase.Over, _machine.Phase);
    }

    private static HandoffInput Accepted => new HandoffInput.Answered(true, "");

    private static HandoffInput Cut => new HandoffInput.Cut("lost");

    private static HandoffInput Copied(int bytes, bool isPassOver) => new HandoffInput.Copied([new byte[bytes]], isPassOver, 0);

    private static HandoffInput Settled(int bytes) => new HandoffInput.Settled([new byte[bytes]], Manifest);

    private void Begin()
    {
        Say(new HandoffInput.Begin());
        Say(Accepted);
    }

    private void Stop()
    {
        Begin();
        Assert.Equal([new HandoffEffect.StopIntake()], Say(new HandoffInput.Copied([], true, 0)));
    }

    private void ReadyWarm()
    {
        Stop();
        Say(Settled(100));
        Assert.Equal([new HandoffEffect.ReportReady(null)], Say(new HandoffInput.ManifestAcked(true)));
    }

    private List<HandoffEffect> Say(HandoffInput input)
    {
        var effects = new List<HandoffEffect>();
        _machine.Step(input, effects);
        return effects;
    }
}
