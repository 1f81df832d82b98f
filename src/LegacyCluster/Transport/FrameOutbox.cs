using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>
/// The sending half of a connection. Senders write their frames into a shared buffer; one loop takes all that gathered
/// since its last turn and flushes it at once. A flush per message was measured at a tenth of the throughput.
/// </summary>
internal sealed class FrameOutbox : IValueTaskSource
{
    private const int FlushBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly int _maxUnsentBytes;
    private readonly TransportMetrics _metrics;
    private ManualResetValueTaskSourceCore<bool> _wake = new() { RunContinuationsAsynchronously = true };
    private FrameBuffer _gathering;
    private FrameBuffer _sending;
    private int _unsentBytes;
    private ulong _nextSequence;
    private bool _loopWaits;
    private bool _writing;
    private bool _closed;

    public FrameOutbox(TransportOptions options, ulong nextSequence, TransportMetrics metrics)
    {
        _gathering = new FrameBuffer(options.MaxFrameBytes);
        _sending = new FrameBuffer(options.MaxFrameBytes);
        _maxUnsentBytes = options.MaxUnsentBytes;
        _nextSequence = nextSequence;
        _metrics = metrics;
    }

    /// <summary>False: closed, or the unsent bytes are at their bound; then nothing of the frame will be sent.</summary>
    /// <exception cref="FrameFormatException">The frame is over the bound of a frame.</exception>
    public bool TrySend<TState>(FrameType type, TState state, PayloadWriter<TState> write)
    {
        bool wake;
        lock (_gate)
        {
            if (_closed || !TryGather_NeedsLock(type, state, write))
            {
                _metrics.SendRefused(_closed ? TransportMetrics.Closed : TransportMetrics.Full);
                return false;
            }

            wake = _loopWaits;
            _loopWaits = false;
        }

        if (wake)
        {
            _wake.SetResult(true);
        }

        return true;
    }

    /// <summary>Refuses further frames. What gathered is still sent if the loop is allowed to go on.</summary>
    public void Close()
    {
        bool wake;
        lock (_gate)
        {
            _closed = true;
            wake = _loopWaits;
            _loopWaits = false;
        }

        if (wake)
        {
            _wake.SetResult(true);
        }
    }

    /// <summary>Sends until closed and empty, or until the other side or a cancelled flush ends it.</summary>
    public async Task RunAsync(PipeWriter output)
    {
        try
        {
            while (await NextBatchAsync().ConfigureAwait(false) && await SendBatchAsync(output).ConfigureAwait(false))
            {
            }
        }
        finally
        {
            lock (_gate)
            {
                _closed = true;
                _gathering.Release();
                _sending.Release();
            }
        }
    }

    private bool TryGather_NeedsLock<TState>(FrameType type, TState state, PayloadWriter<TState> write)
    {
        if (_writing)
        {
            throw new InvalidOperationException("A payload writer sent on the connection it was writing for.");
        }

        if (_unsentBytes >= _maxUnsentBytes)
        {
            return false;
        }

        var fits = false;
        _writing = true;
        _gathering.BeginFrame();
        try
        {
            write(_gathering, state);
            fits = _unsentBytes + _gathering.FrameLength <= _maxUnsentBytes;
        }
        finally
        {
            _writing = false;
            if (fits)
            {
                _unsentBytes += _gathering.FrameLength;
                _gathering.EndFrame(type, _nextSequence++);
            }
            else
            {
                _gathering.TakeBackFrame();
            }
        }

        return fits;
    }

    /// <summary>Waits until something gathered and takes it. False: closed and nothing left.</summary>
    private async ValueTask<bool> NextBatchAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_gathering.Frames > 0)
                {
                    (_gathering, _sending) = (_sending, _gathering);
                    return true;
                }

                if (_closed)
                {
                    return false;
                }

                _wake.Reset();
                _loopWaits = true;
            }

            await new ValueTask(this, _wake.Version).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> SendBatchAsync(PipeWriter output)
    {
        var frames = _sending.Frames;
        var bytes = _sending.Length;
        var unflushed = 0;
        for (var i = 0; i < _sending.SegmentCount; i++)
        {
            unflushed += _sending.SegmentAt(i).Length;
            output.Write(_sending.SegmentAt(i));
            if (unflushed < FlushBytes && i < _sending.SegmentCount - 1)
            {
                continue;
            }

            var flush = await output.FlushAsync().ConfigureAwait(false);
            if (flush.IsCompleted || flush.IsCanceled)
            {
                return false;
            }

            lock (_gate)
            {
                _unsentBytes -= unflushed;
            }

            unflushed = 0;
        }

        _sending.Clear();
        _metrics.Sent(frames, bytes);
        return true;
    }

    void IValueTaskSource.GetResult(short token) => _wake.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wake.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wake.OnCompleted(continuation, state, token, flags);
}
