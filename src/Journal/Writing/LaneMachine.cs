namespace AkkaScale.Journal.Writing;

/// <summary>
/// The rules by which writes are gathered, split, settled and waited for, without a database and without a clock.
/// </summary>
/// <remarks>
/// One batch is with the writer at a time, and whatever waits when it comes back goes next: there is no timer, since waiting for company
/// costs more than it brings. Invariants: a request gets exactly one outcome; it completes only when its rows are there, and fails only
/// when they are not (but for <see cref="LaneInput.Stopped"/>); a recovery is released only when no accepted request of its entity is
/// without an outcome.
/// </remarks>
internal static class LaneMachine
{
    /// <summary>How often a batch that may pass is sent again before it is split like any other.</summary>
    private const int RepeatsOfWhatMayPass = 3;

    /// <summary>
    /// How often a batch may break its connection before it is split: one of its requests may be the reason, or its size.
    /// </summary>
    private const int DoubtsBeforeSplit = 3;

    /// <summary>The same for what one entity writes, before it fails.</summary>
    private const int DoubtsBeforeFailure = 6;

    public static void Step(LaneState state, LaneInput input, LaneLimits limits, List<LaneEffect> effects)
    {
        if (state.Stopped is not null && input is not (LaneInput.Accepted or LaneInput.Recovering))
        {
            return;
        }

        switch (input)
        {
            case LaneInput.Accepted(var request):
                Accept(state, request, limits, effects);
                break;
            case LaneInput.Take:
                Take(state, limits, effects);
                break;
            case LaneInput.Answered answered:
                Answer(state, answered, effects);
                break;
            case LaneInput.Failed failed:
                Fail(state, failed, effects);
                break;
            case LaneInput.NotSent(var batch):
                Return(state, batch);
                state.Again.Push(batch.Requests);
                effects.Add(new LaneEffect.Pause(state.Pauses++));
                break;
            case LaneInput.Unknown(var batch):
                Check(state, batch);
                effects.Add(new LaneEffect.Settle(batch, state.Attempts = 0));
                break;
            case LaneInput.NotSettled(var batch):
                Check(state, batch);
                effects.Add(new LaneEffect.Settle(batch, ++state.Attempts));
                break;
            case LaneInput.Settled settled:
                Settle(state, settled, effects);
                break;
            case LaneInput.Recovering(var persistenceId, var waiter):
                Recover(state, persistenceId, waiter, effects);
                break;
            case LaneInput.Stopped(var error):
                Stop(state, error, effects);
                break;
            default:
                throw new InvalidOperationException($"Unknown input {input.GetType()}.");
        }
    }

    private static void Accept(LaneState state, WriteRequest request, LaneLimits limits, List<LaneEffect> effects)
    {
        if (state.Stopped is { } stopped)
        {
            effects.Add(new LaneEffect.Fail([request], stopped));
            return;
        }

        if (state.Waiting.Count >= limits.WaitingRequests || state.WaitingBytes + request.Bytes > limits.WaitingBytes)
        {
            effects.Add(new LaneEffect.Fail([request], new JournalOverloadedException(
                $"{state.Waiting.Count} writes of {state.WaitingBytes} bytes wait for the database; no more are taken.")));
            return;
        }

        state.Waiting.Enqueue(request);
        state.WaitingBytes += request.Bytes;
        if (!state.Unsettled.TryGetValue(request.PersistenceId, out var unsettled))
        {
            state.Unsettled.Add(request.PersistenceId, unsettled = new Unsettled());
        }

        unsettled.Requests++;
        if (state.InFlight is null && state.Waiting.Count == 1 && state.Again.Count == 0)
        {
            effects.Add(LaneEffect.Wake.Instance);
        }
    }

    private static void Take(LaneState state, LaneLimits limits, List<LaneEffect> effects)
    {
        if (state.InFlight is not null)
        {
            return;
        }

        if (!state.Again.TryPop(out var requests))
        {
            requests = TakeWaiting(state, limits);
        }

        if (requests.Length > 0)
        {
            state.InFlight = new Batch(requests);
            effects.Add(new LaneEffect.Send(state.InFlight));
        }
    }

    private static WriteRequest[] TakeWaiting(LaneState state, LaneLimits limits)
    {
        var taken = new List<WriteRequest>(Math.Min(state.Waiting.Count, limits.BatchRows));
        var rows = 0;
        long bytes = 0;
        while (state.Waiting.TryPeek(out var next)
            && (taken.Count == 0 || (rows + next.Rows.Length <= limits.BatchRows && bytes + next.Bytes <= limits.BatchBytes)))
        {
            taken.Add(state.Waiting.Dequeue());
            rows += next.Rows.Length;
            bytes += next.Bytes;
        }

        state.WaitingBytes -= bytes;
        return [.. taken];
    }

    private static void Answer(LaneState state, LaneInput.Answered answered, List<LaneEffect> effects)
    {
        var batch = answered.Batch;
        Return(state, batch);
        state.Pauses = 0;
        if (Array.TrueForAll(answered.Held, held => held))
        {
            Complete(state, batch.Requests, effects);
            return;
        }

        Complete(state, Pick(batch, answered.Held, held: true), effects);
        for (var slice = 0; slice < batch.Slices.Count; slice++)
        {
            if (answered.Held[slice])
            {
                continue;
            }

            var refused = batch.Slices[slice];
            var error = new LeaseRefusedException(
                $"The lease {refused.Lease} is not held by epoch {refused.Epoch}: nothing was written.");
            Fail(state, batch.Requests.Where((_, request) => batch.SliceOf(request) == slice).ToArray(), error, effects);
            if (!answered.Replaced[slice])
            {
                effects.Add(new LaneEffect.TellLost(refused));
            }
        }
    }

    private static void Fail(LaneState state, LaneInput.Failed failed, List<LaneEffect> effects)
    {
        var requests = failed.Batch.Requests;
        Check(state, failed.Batch);
        if (failed.MayPass && state.Attempts < RepeatsOfWhatMayPass)
        {
            state.Attempts++;
            effects.Add(new LaneEffect.Send(failed.Batch));
            return;
        }

        Return(state, failed.Batch);
        if (!TrySplit(state, requests))
        {
            Fail(state, requests, failed.Error, effects);
        }
    }

    /// <summary>Half of the entities first, then the others; false when there is only one.</summary>
    private static bool TrySplit(LaneState state, WriteRequest[] requests)
    {
        var entities = requests.Select(request => request.PersistenceId).Distinct(StringComparer.Ordinal).ToList();
        if (entities.Count == 1)
        {
            return false;
        }

        // An entity's requests stay together: the second must not be written when the first one was not.
        var firstHalf = entities.Take(entities.Count / 2).ToHashSet(StringComparer.Ordinal);
        state.Again.Push(requests.Where(request => !firstHalf.Contains(request.PersistenceId)).ToArray());
        state.Again.Push(requests.Where(request => firstHalf.Contains(request.PersistenceId)).ToArray());
        return true;
    }

    private static void Settle(LaneState state, LaneInput.Settled settled, List<LaneEffect> effects)
    {
        var requests = settled.Batch.Requests;
        Return(state, settled.Batch);
        Complete(state, requests.Where((_, request) => settled.Written[request]).ToArray(), effects);
        var missing = requests.Where((_, request) => !settled.Written[request]).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        var doubts = missing.Max(request => ++request.Doubts);
        if (doubts >= DoubtsBeforeSplit && TrySplit(state, missing))
        {
            return;
        }

        if (doubts >= DoubtsBeforeFailure)
        {
            Fail(state, missing, new WriteInDoubtException(
                $"Each of {doubts} times that it was sent the connection broke or was not answered; it is not written."), effects);
            return;
        }

        state.Again.Push(missing);
    }

    private static void Recover(LaneState state, string persistenceId, RecoveryWaiter waiter, List<LaneEffect> effects)
    {
        if (state.Unsettled.TryGetValue(persistenceId, out var unsettled))
        {
            (unsettled.Waiters ??= []).Add(waiter);
            return;
        }

        effects.Add(new LaneEffect.Release(waiter));
    }

    private static void Stop(LaneState state, Exception error, List<LaneEffect> effects)
    {
        state.Stopped = error;
        var left = new List<WriteRequest>();
        left.AddRange(state.InFlight?.Requests ?? []);
        left.AddRange(state.Again.SelectMany(requests => requests));
        left.AddRange(state.Waiting);
        state.InFlight = null;
        state.Again.Clear();
        state.Waiting.Clear();
        state.WaitingBytes = 0;
        Fail(state, left, error, effects);
    }

    private static void Complete(LaneState state, IReadOnlyList<WriteRequest> requests, List<LaneEffect> effects)
    {
        if (requests.Count > 0)
        {
            effects.Add(new LaneEffect.Complete(requests));
            Forget(state, requests, effects);
        }
    }

    private static void Fail(LaneState state, IReadOnlyList<WriteRequest> requests, Exception error, List<LaneEffect> effects)
    {
        if (requests.Count > 0)
        {
            effects.Add(new LaneEffect.Fail(requests, error));
            Forget(state, requests, effects);
        }
    }

    private static void Forget(LaneState state, IReadOnlyList<WriteRequest> requests, List<LaneEffect> effects)
    {
        foreach (var request in requests)
        {
            var unsettled = state.Unsettled[request.PersistenceId];
            if (--unsettled.Requests == 0)
            {
                state.Unsettled.Remove(request.PersistenceId);
                foreach (var waiter in unsettled.Waiters ?? [])
                {
                    effects.Add(new LaneEffect.Release(waiter));
                }
            }
        }
    }

    private static WriteRequest[] Pick(Batch batch, bool[] flags, bool held) =>
        batch.Requests.Where((_, request) => flags[batch.SliceOf(request)] == held).ToArray();

    private static void Return(LaneState state, Batch batch)
    {
        Check(state, batch);
        state.InFlight = null;
        state.Attempts = 0;
    }

    private static void Check(LaneState state, Batch batch)
    {
        if (!ReferenceEquals(state.InFlight, batch))
        {
            throw new InvalidOperationException("An outcome came for a batch that the lane did not send.");
        }
    }
}
