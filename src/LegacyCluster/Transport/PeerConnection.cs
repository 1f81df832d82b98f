using System.Buffers;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport.Handshake;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>An authenticated connection, either way round, from the handshake to its end.</summary>
internal sealed partial class PeerConnection : IPeerConnection
{
    private const int SilentChecksToClose = 3;

    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    private readonly ConnectionContext _transport;
    private readonly FrameParser _parser;
    private readonly FrameOutbox _outbox;
    private readonly TransportContext _context;
    private readonly ILogger _logger;
    private readonly bool _outbound;

    private long _framesReceived;
    private long _framesAtLastCheck = -1;
    private int _silentChecks;
    private int _closeReason;
    private volatile ITimer? _drainBound;

    public PeerConnection(
        Incarnation peer, ConnectionContext transport, FrameParser parser, ulong nextSequence, TransportContext context, bool outbound)
    {
        Peer = peer;
        _transport = transport;
        _parser = parser;
        _parser.MaxFrameBytes = context.Options.MaxFrameBytes;
        _outbox = new FrameOutbox(context.Options, nextSequence, context.Metrics);
        _context = context;
        _outbound = outbound;
        _logger = context.Loggers.CreateLogger<PeerConnection>();
    }

    public Incarnation Peer { get; }

    public bool IsOpen => Reason == CloseReason.None;

    public CloseReason Reason => (CloseReason)Volatile.Read(ref _closeReason);

    public bool TrySend<TState>(FrameType type, TState state, PayloadWriter<TState> write) => _outbox.TrySend(type, state, write);

    /// <summary>Moves frames until the connection ends; afterwards nothing is handed to the receiver any more.</summary>
    public async Task<CloseReason> RunAsync()
    {
        _context.Metrics.ConnectionsChanged(1, _outbound);
        try
        {
            await Task.WhenAll(ReceiveAsync(), SendAsync()).ConfigureAwait(false);
            if (Reason == CloseReason.Stopped)
            {
                await DrainAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _drainBound?.Dispose();
            _context.Metrics.ConnectionsChanged(-1, _outbound);
        }

        return Reason;
    }

    /// <summary>Ends the connection; the first reason counts. Frames not yet handed to the receiver are dropped.</summary>
    public void Close(CloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, (int)reason, (int)CloseReason.None) != (int)CloseReason.None)
        {
            return;
        }

        _outbox.Close();
        _transport.Transport.Input.CancelPendingRead();
        if (reason == CloseReason.Stopped)
        {
            _drainBound = _context.Time.CreateTimer(_ => Abort(), null, DrainTimeout, Timeout.InfiniteTimeSpan);
        }
        else
        {
            Abort();
        }
    }

    /// <summary>
    /// Called once per ping interval: asks a silent peer whether it is there, and closes after the third interval in vain.
    /// Checks are counted and not time measured, so that a pause of this process is not blamed on its peers.
    /// </summary>
    public void CheckSilence()
    {
        var received = Volatile.Read(ref _framesReceived);
        if (received != _framesAtLastCheck)
        {
            _framesAtLastCheck = received;
            _silentChecks = 0;
            return;
        }

        if (++_silentChecks >= SilentChecksToClose)
        {
            Close(CloseReason.Silent);
            return;
        }

        // A full outbox refuses the ping, which is as well: bytes are under way then.
        TrySend(FrameType.Ping, 0, static (_, _) => { });
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var read = await _transport.Transport.Input.ReadAsync().ConfigureAwait(false);
                var buffer = read.Buffer;
                var error = DispatchAll(ref buffer);
                var truncated = read.IsCompleted && !buffer.IsEmpty;
                _transport.Transport.Input.AdvanceTo(buffer.Start, buffer.End);
                if (error != ProtocolError.None || (truncated && IsOpen))
                {
                    Break(error != ProtocolError.None ? error : ProtocolError.Truncated, "");
                }

                if (!IsOpen || read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            LogLost(_logger, Peer, exception.Message);
        }
        finally
        {
            Close(CloseReason.Lost);
        }
    }

    private async Task SendAsync()
    {
        try
        {
            await _outbox.RunAsync(_transport.Transport.Output).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            LogLost(_logger, Peer, exception.Message);
        }
        finally
        {
            Close(CloseReason.Lost);
        }
    }

    /// <summary>Hands over the whole frames at the front of the buffer, as long as the connection is open.</summary>
    private ProtocolError DispatchAll(ref ReadOnlySequence<byte> buffer)
    {
        var frames = 0;
        var before = buffer.Length;
        var error = ProtocolError.None;
        while (error == ProtocolError.None && IsOpen && _parser.TryRead(ref buffer, out var type, out var payload, out error))
        {
            frames++;
            error = Dispatch(type, payload);
        }

        if (frames > 0)
        {
            Volatile.Write(ref _framesReceived, _framesReceived + frames);
            _context.Metrics.Received(frames, before - buffer.Length);
        }

        return error;
    }

    private ProtocolError Dispatch(FrameType type, ReadOnlySequence<byte> payload)
    {
        switch (type)
        {
            case FrameType.Ping:
                TrySend(FrameType.Pong, 0, static (_, _) => { });
                return ProtocolError.None;
            case FrameType.Pong:
                return ProtocolError.None;
            case < FrameType.Ask:
                return ProtocolError.UnexpectedType;
        }

        try
        {
            _context.Receiver.OnFrame(this, type, payload);
        }
        catch (FrameFormatException exception)
        {
            Break(ProtocolError.MalformedPayload, exception.Message);
        }
        catch (Exception exception)
        {
            LogReceiverFault(_logger, exception, type, Peer);
            Close(CloseReason.ReceiverFault);
        }

        return ProtocolError.None;
    }

    private void Break(ProtocolError error, string detail)
    {
        _context.Metrics.Broken(error);
        var name = TransportMetrics.NameOf(error);
        if (_context.Throttle.TryPass($"broken {name} {Peer}", out var suppressed))
        {
            LogBroken(_logger, Peer, name, LogText.Escape(detail), suppressed);
        }

        Close(CloseReason.Broken);
    }

    /// <summary>Lets the last frames leave the machine's own buffers; <see cref="_drainBound"/> ends a wait in vain.</summary>
    private async Task DrainAsync()
    {
        await _transport.Transport.Output.CompleteAsync().ConfigureAwait(false);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (_transport.ConnectionClosed.UnsafeRegister(static state => ((TaskCompletionSource)state!).SetResult(), closed))
        {
            await closed.Task.ConfigureAwait(false);
        }
    }

    private void Abort()
    {
        _transport.Transport.Output.CancelPendingFlush();
        _transport.Abort();
    }

    private static bool IsLoss(Exception exception) =>
        exception is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException or ObjectDisposedException;

    [LoggerMessage(1, LogLevel.Debug, "The connection with {Peer} was lost: {Error}")]
    private static partial void LogLost(ILogger logger, Incarnation peer, string error);

    [LoggerMessage(2, LogLevel.Warning, "The connection with {Peer} is closed, it broke the protocol: {Error} {Detail} ({Suppressed} more since the last report)")]
    private static partial void LogBroken(ILogger logger, Incarnation peer, string error, string detail, int suppressed);

    [LoggerMessage(3, LogLevel.Error, "A {Type} frame of {Peer} could not be received; the connection is closed")]
    private static partial void LogReceiverFault(ILogger logger, Exception exception, FrameType type, Incarnation peer);
}
