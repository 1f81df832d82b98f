using System.Net;
using System.Net.Sockets;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport.Handshake;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Keeps one outgoing connection to one peer: connects, runs it, and connects again with backoff until stopped.</summary>
internal sealed partial class PeerDialer : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly SocketConnectionContextFactory _sockets;
    private readonly TransportContext _context;
    private readonly Func<double> _jitter;
    private readonly HandshakeReport _report;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource<HandshakeResult?> _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile PeerConnection? _current;

    /// <param name="jitter">Numbers in [0, 1) that spread the attempts of several processes.</param>
    public PeerDialer(
        Incarnation peer, string address, SocketConnectionContextFactory sockets, TransportContext context, Func<double> jitter)
    {
        Peer = peer;
        Address = address;
        _sockets = sockets;
        _context = context;
        _jitter = jitter;
        _report = new HandshakeReport(context);
        _logger = context.Loggers.CreateLogger<PeerDialer>();
    }

    public Incarnation Peer { get; }

    public string Address { get; }

    /// <summary>The connection that stands, if one does.</summary>
    public PeerConnection? Current => _current is { IsOpen: true } connection ? connection : null;

    /// <summary>How the first handshake ended; null if there was none, because nobody answered. Bounded by the handshake timeout.</summary>
    public Task<HandshakeResult?> FirstAttempt => _firstAttempt.Task;

    /// <summary>Completes when the loop ended and its last event was raised.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <param name="predecessor">An earlier dialer's end, awaited first, so that events of one peer never interleave.</param>
    public void Start(Task predecessor) => Completion = Task.Run(() => RunAsync(predecessor));

    /// <summary>Ends the connection and the loop; what gathered is still sent.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        _current?.Close(CloseReason.Stopped);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(Task predecessor)
    {
        await predecessor.ConfigureAwait(false);
        var failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            var started = _context.Time.GetTimestamp();
            var stood = await ConnectAndRunAsync().ConfigureAwait(false);

            // A connection that breaks at once again and again is a failure like any other.
            failures = stood && _context.Time.GetElapsedTime(started) >= _context.Options.MaxBackoff ? 0 : failures + 1;
            await WaitAsync(Backoff(failures)).ConfigureAwait(false);
        }

        _firstAttempt.TrySetResult(null); // stopped before the first
    }

    /// <summary>True: the connection was authenticated, and has ended since.</summary>
    private async Task<bool> ConnectAndRunAsync()
    {
        using var timeout = new CancellationTokenSource(_context.Options.HandshakeTimeout, _context.Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        try
        {
            await using var transport = await ConnectAsync(deadline.Token).ConfigureAwait(false);
            var channel = new HandshakeChannel(transport.Transport);
            var machine = new DialerHandshake(_context.Identity, Peer, HandshakeTranscript.NewNonce());
            HandshakeResult result;
            try
            {
                result = await channel.DialAsync(machine, deadline.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException)
            {
                result = new HandshakeResult.Abandoned();
            }

            _firstAttempt.TrySetResult(result);
            if (result is HandshakeResult.Authenticated)
            {
                await RunConnectionAsync(new PeerConnection(Peer, transport, channel.Parser, channel.NextSequence, _context, outbound: true))
                    .ConfigureAwait(false);
                return true;
            }

            _report.Failed(result, $"{Peer} at {Address}", outbound: true);
            transport.Abort();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            _report.TimedOut($"{Peer} at {Address}", outbound: true);
        }
        catch (Exception exception) when (exception is SocketException or IOException or FormatException)
        {
            if (_context.Throttle.TryPass($"unreachable {Peer}", out var suppressed))
            {
                LogUnreachable(_logger, Peer, LogText.Escape(Address), exception.Message, suppressed);
            }
        }
        catch (Exception exception)
        {
            // The loop outlives a fault of the program: without it the peer would never be reached again.
            LogFault(_logger, exception, Peer);
        }
        finally
        {
            _firstAttempt.TrySetResult(null);
        }

        return false;
    }

    private async Task<ConnectionContext> ConnectAsync(CancellationToken deadline)
    {
        var endpoint = PeerAddress.TryParse(Address) ?? throw new FormatException("The address is not host:port.");
        var socket = endpoint is IPEndPoint ip
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(endpoint, deadline).ConfigureAwait(false);
            return _sockets.Create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task RunConnectionAsync(PeerConnection connection)
    {
        // Current before the event, so that the receiver may send from it; the event before the first frame is read.
        _current = connection;
        using var stop = _stopping.Token.UnsafeRegister(state => ((PeerConnection)state!).Close(CloseReason.Stopped), connection);
        try
        {
            LogConnected(_logger, Peer, Address);
            _context.Receiver.OnConnected(Peer);
            var reason = await connection.RunAsync().ConfigureAwait(false);
            LogEnded(_logger, Peer, Address, reason);
        }
        finally
        {
            connection.Close(CloseReason.ReceiverFault);
            _current = null;
            _context.Receiver.OnDisconnected(Peer);
        }
    }

    private TimeSpan Backoff(int failures)
    {
        if (failures == 0)
        {
            return TimeSpan.Zero;
        }

        var longest = TimeSpan.FromTicks((long)Math.Min(
            _context.Options.MinBackoff.Ticks * Math.Pow(2, failures - 1), _context.Options.MaxBackoff.Ticks));
        return longest * (0.5 + (0.5 * _jitter()));
    }

    private async Task WaitAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _context.Time, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Connected to {Peer} at {Address}")]
    private static partial void LogConnected(ILogger logger, Incarnation peer, string address);

    [LoggerMessage(2, LogLevel.Information, "The connection to {Peer} at {Address} ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, Incarnation peer, string address, CloseReason reason);

    [LoggerMessage(3, LogLevel.Warning, "{Peer} at {Address} cannot be reached: {Error} ({Suppressed} more since the last report)")]
    private static partial void LogUnreachable(ILogger logger, Incarnation peer, string address, string error, int suppressed);

    [LoggerMessage(4, LogLevel.Error, "The connection to {Peer} failed; it will be tried again")]
    private static partial void LogFault(ILogger logger, Exception exception, Incarnation peer);
}
