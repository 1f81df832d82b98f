using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Liveness;

/// <summary>When this process renews, until when it may serve, and when it ends.</summary>
/// <remarks>
/// The deadline counts from the *sending* of the last renewal that succeeded: whoever declares this process dead has seen its counter at
/// rest for longer, from a time that cannot be earlier than that sending. Nothing is ever lost by time: past the deadline the process
/// serves nothing, and goes on when it renews again; only its row can end it. One statement is under way at a time.
/// </remarks>
internal static class LivenessMachine
{
    public static void Step(LivenessState state, LivenessInput input, ClusterDatabaseOptions options, List<LivenessEffect> effects)
    {
        if (state.IsOver)
        {
            return;
        }

        switch (input)
        {
            case LivenessInput.Tick(var now):
                Act(state, now, options, effects);
                break;
            case LivenessInput.Renewed renewed:
                state.IsWaiting = false;
                Renewed(state, renewed, options, effects);
                break;
            case LivenessInput.Broken(var now):
                state.IsWaiting = false;
                state.IsBroken = true;
                state.DueAt = state.TriedAt is { } tried ? tried + (options.RenewInterval / 2) : now;
                Act(state, now, options, effects);
                break;
            case LivenessInput.Resumed(var now):
                state.IsWaiting = false;
                state.IsBroken = false;
                state.DueAt = now;
                Act(state, now, options, effects);
                break;
            case LivenessInput.Leaving(var now, var reason):
                // Others may take what this process has as soon as its row says so, and that may be before the answer is here.
                state.Leaving = reason;
                state.DueAt = state.IsBroken ? state.DueAt : now;
                Move(state, now, effects);
                break;
            case LivenessInput.HasLeft:
                state.HasLeft = state.IsOver = true;
                break;
            default:
                throw new InvalidOperationException($"Unknown input {input.GetType()}.");
        }
    }

    /// <summary>When the machine wants to be ticked; null while it waits for an answer, or for nothing.</summary>
    public static TimeSpan? NextAt(LivenessState state) => state.IsWaiting || state.IsOver ? null : state.DueAt;

    private static void Act(LivenessState state, TimeSpan now, ClusterDatabaseOptions options, List<LivenessEffect> effects)
    {
        if (state.IsWaiting || now < state.DueAt)
        {
            return;
        }

        state.IsWaiting = true;
        if (state.IsBroken)
        {
            state.TriedAt = now;
            effects.Add(LivenessEffect.Reconnect.Instance);
        }
        else if (state.Leaving is { } reason)
        {
            effects.Add(new LivenessEffect.Leave(reason));
        }
        else
        {
            state.DueAt = now + options.RenewInterval;
            effects.Add(LivenessEffect.Renew.Instance);
        }
    }

    private static void Renewed(
        LivenessState state, LivenessInput.Renewed renewed, ClusterDatabaseOptions options, List<LivenessEffect> effects)
    {
        switch (renewed.Row)
        {
            case NodeState.Live when state.Leaving is null:
                if (renewed.SentAt + options.OwnDeadline is var until && until > state.Deadline)
                {
                    Move(state, until, effects);
                }

                Act(state, renewed.Now, options, effects);
                break;
            case NodeState.Live:
                Act(state, renewed.Now, options, effects);
                break;
            case NodeState.Down:
                End(state, renewed.Now, NodeEnd.Down, "its row says that it was sent away", effects);
                break;
            case NodeState.Left when state.Leaving is not null:
                state.HasLeft = state.IsOver = true;
                break;
            default:
                End(state, renewed.Now, NodeEnd.Dead, $"its row says that it is {renewed.Row.ToString().ToLowerInvariant()}", effects);
                break;
        }
    }

    private static void End(LivenessState state, TimeSpan now, NodeEnd why, string reason, List<LivenessEffect> effects)
    {
        Move(state, now, effects);
        state.IsOver = true;
        effects.Add(new LivenessEffect.End(why, reason));
    }

    private static void Move(LivenessState state, TimeSpan until, List<LivenessEffect> effects)
    {
        state.Deadline = until;
        effects.Add(new LivenessEffect.DeadlineMoved(until));
    }
}
