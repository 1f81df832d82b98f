using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using AkkaScale.Cluster.Downing;
using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Plugin;

/// <summary>
/// Downs the members whose incarnations are gone or sent away, and watches for partitions among the living, see
/// <see cref="PartitionMachine"/>. Ends this process when another has shut it out for good and it serves nothing.
/// </summary>
internal sealed class DowningActor(ClusterMembership membership, Akka.Cluster.Cluster cluster) : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>A process that is shut out hears it again at each attempt to connect, about once a second.</summary>
    private static readonly TimeSpan HeardLately = TimeSpan.FromSeconds(5);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PartitionState _partition = new();
    private (Address By, TimeSpan At)? _shutOut;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Interval);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                DownThoseGone();
                WatchPartition();
                EndIfShutOut();
                break;
            case ThisActorSystemQuarantinedEvent shutOut:
                _shutOut = (shutOut.RemoteAddress, membership.Now);
                break;
            case Claimed claimed:
                Answer(claimed);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <remarks>Akka's order names an address. It is given only while the member there has the uid of the incarnation that is gone.</remarks>
    private void DownThoseGone()
    {
        var snapshot = membership.Snapshot;
        foreach (var member in cluster.State.Members.Where(member => member.Status is not (MemberStatus.Down or MemberStatus.Removed)))
        {
            if (member.UniqueAddress.Equals(cluster.SelfUniqueAddress)
                || snapshot.VerdictOf(member.Address.ToString(), member.UniqueAddress.Uid) is not (MemberVerdict.Down or MemberVerdict.Gone))
            {
                continue;
            }

            var row = snapshot.Find(member.Address.ToString(), member.UniqueAddress.Uid)!;
            _log.Info("Downing {0}: incarnation {1} is {2} ({3}).", member.UniqueAddress, row.Incarnation, row.State, row.Reason);
            cluster.Down(member.Address);
        }
    }

    private void WatchPartition()
    {
        if (View(membership.Snapshot) is { } view)
        {
            Step(new PartitionInput.Tick(membership.Now, view));
        }
    }

    /// <remarks>
    /// Members that removed this one talk to it no more, so gossip may never tell it, and without the database nothing else does. One that
    /// serves goes by its row and by the rule for partitions.
    /// </remarks>
    private void EndIfShutOut()
    {
        if (_shutOut is { } heard && membership.Now - heard.At < HeardLately && !membership.IsServing)
        {
            membership.EndAsRemoved($"{heard.By} has quarantined this process, which is past its deadline: it is no member any more.");
        }
    }

    private PartitionView? View(MembersSnapshot snapshot)
    {
        var members = cluster.State.Members
            .Where(member => member.Status is not (MemberStatus.Down or MemberStatus.Removed))
            .Select(member => (Member: member, Row: snapshot.Find(member.Address.ToString(), member.UniqueAddress.Uid)))
            .Where(each => each.Row is { IsLive: true } row && row.Generation == snapshot.Generation)
            .ToList();
        if (snapshot.Generation == 0 || !members.Exists(each => each.Row!.Incarnation == membership.Incarnation))
        {
            return null;
        }

        return new PartitionView(
            membership.Incarnation,
            snapshot.Generation,
            members.Select(each => each.Row!.Incarnation).ToHashSet(StringComparer.Ordinal),
            members.Where(each => IsUnreachable(each.Member)).Select(each => each.Row!.Incarnation).ToHashSet(StringComparer.Ordinal),
            membership.Observer.IsRecent && membership.IsServing);
    }

    /// <summary>By the own failure detector where it watches the member; what others cannot reach is for them to judge.</summary>
    private bool IsUnreachable(Member member)
    {
        if (member.UniqueAddress.Equals(cluster.SelfUniqueAddress))
        {
            return false;
        }

        return cluster.FailureDetector.IsMonitoring(member.Address)
            ? !cluster.FailureDetector.IsAvailable(member.Address)
            : cluster.State.Unreachable.Contains(member);
    }

    private void Step(PartitionInput input)
    {
        var effects = new List<PartitionEffect>();
        PartitionMachine.Step(_partition, input, membership.Options, effects);
        foreach (var claim in effects.OfType<PartitionEffect.Prevail>())
        {
            _log.Warning("Claiming that {0} stay: the others {1}.", string.Join(", ", claim.Mine), claim.Reason);
            membership.Observer.Commands
                .RunAsync(session => session.Prevail(claim.Generation, claim.Mine, claim.Reason))
                .ContinueWith(
                    task => new Claimed(
                        task.IsCompletedSuccessfully ? task.Result : null, task.Exception?.InnerException),
                    TaskScheduler.Default)
                .PipeTo(Self);
        }
    }

    private void Answer(Claimed claimed)
    {
        if (claimed.Error is not null)
        {
            _log.Warning(claimed.Error, "Whether the claim was granted is not known; the rows will show it.");
        }
        else if (claimed.SentAway is { } sentAway)
        {
            _log.Warning("The claim was granted; sent away: {0}.", string.Join(", ", sentAway));
        }
        else
        {
            _log.Warning("The claim was not granted: the other side was sooner, or one of this side is no longer live.");
        }

        Step(new PartitionInput.Answered(membership.Now, claimed.SentAway is not null));
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record Claimed(IReadOnlyList<string>? SentAway, Exception? Error);
}
