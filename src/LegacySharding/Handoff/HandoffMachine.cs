namespace AkkaScale.LegacySharding.Handoff;

internal enum HandoffPhase
{
    /// <summary>Offered; the target has not answered.</summary>
    Offering,

    /// <summary>Copies are sent while the shard serves.</summary>
    Copying,

    /// <summary>Intake stops; what was accepted is being finished.</summary>
    Settling,

    /// <summary>The last copies and the manifest are on their way.</summary>
    Finishing,

    /// <summary>Ownership may give the shard away.</summary>
    Ready,

    /// <summary>The compare-and-set was sent.</summary>
    Given,

    Over,
}

/// <summary>
/// One attempt to hand a shard off, as its owner sees it: offer, copy while serving, stop intake, send what changed and the manifest, be
/// ready. Whatever goes wrong with the copies makes the attempt cold and not void: intake stops, and the target loads.
/// </summary>
/// <remarks>
/// Invariants. Ready is reported once, after intake has stopped and everything accepted is durable. It is reported warm only when the target
/// has acknowledged the manifest, which follows every copy on the same connection. Resume is asked for only when intake was
/// stopped and the shard is not given away. Unacknowledged copies stay within the window, but for one chunk.
/// </remarks>
internal sealed class HandoffMachine(ShardingOptions options)
{
    /// <summary>Entities that may be left to the stop; more of them are worth another pass, unless they change faster than they go.</summary>
    private const int FewEnough = 256;

    private const int MaxPasses = 4;

    /// <summary>An answer to the offer may take this part of the whole time.</summary>
    private const int OfferShare = 5;

    private readonly Queue<byte[]> _unsent = new();
    private readonly Queue<int> _unacknowledged = new();
    private int _unacknowledgedBytes;
    private int _chunks;
    private int _acknowledged;
    private int _passes;
    private bool _isCopyDue;
    private bool _isPassOver;
    private int _changed;
    private bool _isTargetFull;
    private WarmManifest? _manifest;
    private string? _coldReason;

    public HandoffPhase Phase { get; private set; } = HandoffPhase.Offering;

    public void Step(HandoffInput input, List<HandoffEffect> effects)
    {
        switch (input)
        {
            case var _ when Phase == HandoffPhase.Over:
                break;
            case HandoffInput.Begin:
                effects.Add(new HandoffEffect.SetDeadline(options.HandoffTimeout / OfferShare));
                effects.Add(new HandoffEffect.SendOffer());
                break;
            case HandoffInput.Connected when Phase == HandoffPhase.Offering:
                effects.Add(new HandoffEffect.SendOffer());
                break;
            case HandoffInput.Answered { IsAccepted: true } when Phase == HandoffPhase.Offering:
                Phase = HandoffPhase.Copying;
                effects.Add(new HandoffEffect.SetDeadline(options.HandoffTimeout));
                CopyOut(isNewPass: true, effects);
                break;
            case HandoffInput.Answered { IsAccepted: false } refused:
                GoCold(refused.Reason, effects);
                break;
            case HandoffInput.Copied copied when Phase == HandoffPhase.Copying:
                _isCopyDue = false;
                _isPassOver = copied.IsPassOver;
                _changed = copied.Changed;
                Enqueue(copied.Chunks);
                GoOn(effects);
                break;
            case HandoffInput.ChunkAcked acked:
                OnChunkAcked(acked, effects);
                break;
            case HandoffInput.Settled settled when Phase == HandoffPhase.Settling:
                OnSettled(settled, effects);
                break;
            case HandoffInput.ManifestAcked acked when Phase == HandoffPhase.Finishing:
                OnManifestAcked(acked, effects);
                break;
            case HandoffInput.Cut when Phase == HandoffPhase.Offering:
                // A target that has just joined is not connected to yet; the shard serves meanwhile.
                break;
            case HandoffInput.Cut cut:
                GoCold(cut.Reason, effects);
                break;
            case HandoffInput.DeadlinePassed:
                GoCold("it took too long", effects);
                break;
            case HandoffInput.ShardGone when Phase != HandoffPhase.Given:
                End("the shard has stopped", effects);
                break;
            case HandoffInput.CalledOff when Phase != HandoffPhase.Given:
                if (Phase is HandoffPhase.Settling or HandoffPhase.Finishing or HandoffPhase.Ready)
                {
                    effects.Add(new HandoffEffect.Resume());
                }

                End("the shard stays", effects);
                break;
            case HandoffInput.GivenAway:
                Phase = HandoffPhase.Given;
                break;
            case HandoffInput.Ended { IsGiven: true }:
                Phase = HandoffPhase.Over;
                break;
            case HandoffInput.Ended:
                End("the shard was not given away", effects);
                break;
        }
    }

    private void Enqueue(IReadOnlyList<byte[]> chunks)
    {
        foreach (var chunk in chunks)
        {
            if (!_isTargetFull)
            {
                _unsent.Enqueue(chunk);
            }
        }
    }

    private void OnChunkAcked(HandoffInput.ChunkAcked acked, List<HandoffEffect> effects)
    {
        // A number twice, or out of order, says nothing new.
        if (_coldReason is not null || acked.Number != _acknowledged + 1 || _unacknowledged.Count == 0)
        {
            return;
        }

        _acknowledged++;
        _unacknowledgedBytes -= _unacknowledged.Dequeue();
        if (acked.IsFull)
        {
            _isTargetFull = true;
            _unsent.Clear();
        }

        GoOn(effects);
    }

    private void GoOn(List<HandoffEffect> effects)
    {
        if (Phase is not (HandoffPhase.Copying or HandoffPhase.Finishing))
        {
            return;
        }

        while (_unsent.Count > 0 && (_unacknowledgedBytes == 0 || _unacknowledgedBytes + _unsent.Peek().Length <= options.HandoffWindowBytes))
        {
            var chunk = _unsent.Dequeue();
            _unacknowledged.Enqueue(chunk.Length);
            _unacknowledgedBytes += chunk.Length;
            effects.Add(new HandoffEffect.SendChunk(++_chunks, chunk));
        }

        if (_unsent.Count > 0)
        {
            return;
        }

        if (Phase == HandoffPhase.Finishing)
        {
            SendManifest(effects);
        }
        else if (!_isCopyDue)
        {
            CopyOnOrStop(effects);
        }
    }

    private void CopyOnOrStop(List<HandoffEffect> effects)
    {
        if (!_isPassOver && !_isTargetFull)
        {
            CopyOut(isNewPass: false, effects);
        }
        else if (_changed > FewEnough && _passes < MaxPasses && !_isTargetFull)
        {
            CopyOut(isNewPass: true, effects);
        }
        else if (_unacknowledged.Count == 0)
        {
            // Only now: whoever asks the shard waits from here on.
            Phase = HandoffPhase.Settling;
            effects.Add(new HandoffEffect.StopIntake());
        }
    }

    private void CopyOut(bool isNewPass, List<HandoffEffect> effects)
    {
        _isCopyDue = true;
        _passes += isNewPass ? 1 : 0;
        effects.Add(new HandoffEffect.CopyOut(isNewPass));
    }

    private void OnSettled(HandoffInput.Settled settled, List<HandoffEffect> effects)
    {
        if (_coldReason is null && settled.Manifest.NextPosition == 0)
        {
            _coldReason = "the shard had not started";
            effects.Add(new HandoffEffect.SendAbort(_coldReason));
        }

        if (_coldReason is not null)
        {
            Ready(effects);
            return;
        }

        Phase = HandoffPhase.Finishing;
        _manifest = settled.Manifest;
        effects.Add(new HandoffEffect.SetDeadline(options.HandoffPauseLimit));
        Enqueue(settled.Chunks);
        GoOn(effects);
    }

    private void SendManifest(List<HandoffEffect> effects)
    {
        if (_manifest is { } manifest)
        {
            _manifest = null;
            effects.Add(new HandoffEffect.SendManifest(manifest, _chunks));
        }
    }

    private void OnManifestAcked(HandoffInput.ManifestAcked acked, List<HandoffEffect> effects)
    {
        _coldReason = acked.IsComplete ? null : "the target did not get everything";
        Ready(effects);
    }

    private void Ready(List<HandoffEffect> effects)
    {
        Phase = HandoffPhase.Ready;
        effects.Add(new HandoffEffect.ReportReady(_coldReason));
    }

    /// <summary>Once ready, what the target has stays good whatever happens to it: the owner row decides.</summary>
    private void GoCold(string reason, List<HandoffEffect> effects)
    {
        if (_coldReason is not null || Phase is HandoffPhase.Ready or HandoffPhase.Given)
        {
            return;
        }

        _coldReason = reason;
        _unsent.Clear();
        effects.Add(new HandoffEffect.SendAbort(reason));
        if (Phase is HandoffPhase.Offering or HandoffPhase.Copying)
        {
            Phase = HandoffPhase.Settling;
            effects.Add(new HandoffEffect.StopIntake());
        }
        else if (Phase == HandoffPhase.Finishing)
        {
            Ready(effects);
        }
    }

    private void End(string reason, List<HandoffEffect> effects)
    {
        Phase = HandoffPhase.Over;
        if (_coldReason is null)
        {
            effects.Add(new HandoffEffect.SendAbort(reason));
        }
    }
}
