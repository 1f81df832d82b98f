using System.Net;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport.Control;
using AkkaScale.LegacyCluster.Transport.Handshake;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>
/// The accepted connections of one incarnation: at most one authenticated per peer incarnation, and a bound on all.
/// When the bound is reached the oldest that is still in its handshake makes room, so that somebody who only opens
/// sockets cannot keep members out.
/// </summary>
internal sealed partial class InboundConnections
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Inbound> _handshaking = new();
    private readonly Dictionary<Incarnation, Inbound> _authenticated = [];
    private readonly HashSet<Inbound> _all = [];
    private readonly GoneIncarnations _gone = new();
    private readonly TransportContext _context;
    private readonly HandshakeReport _report;
    private readonly ILogger _logger;
    private Dictionary<Incarnation, bool> _liveByPeer = [];
    private bool _stopped;

    public InboundConnections(TransportContext context)
    {
        _context = context;
        _report = new HandshakeReport(context);
        _logger = context.Loggers.CreateLogger<InboundConnections>();
    }

    /// <summary>Holds an accepted connection until it ends.</summary>
    public async Task ServeAsync(ConnectionContext transport)
    {
        var other = (transport.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "unknown";
        using var inbound = new Inbound(transport, other, _context);
        if (!TryAdmit(inbound))
        {
            transport.Abort();
            return;
        }

        try
        {
            await HandshakeAndRunAsync(inbound).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (inbound.Deadline.IsCancellationRequested)
        {
            if (!inbound.Dropped)
            {
                _report.TimedOut(other, outbound: false);
            }

            transport.Abort();
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException or ObjectDisposedException)
        {
            _report.Failed(new HandshakeResult.Abandoned(), other, outbound: false);
        }
        finally
        {
            Forget(inbound);
            inbound.Ended.SetResult();
        }
    }

    /// <summary>Closes connections of peers that are no longer live members; a peer never heard of may be one that just joined.</summary>
    public void UpdateMembers(IReadOnlyCollection<MemberSnapshot> members)
    {
        lock (_gate)
        {
            var before = _liveByPeer;
            _liveByPeer = members.ToDictionary(member => member.Incarnation, member => member.IsLive);

            // Rows of members that are gone are cleared away after a while; that they were is not forgotten with them.
            foreach (var peer in before.Keys.Where(peer => !_liveByPeer.GetValueOrDefault(peer)))
            {
                _gone.Add(peer);
            }

            foreach (var (peer, inbound) in _authenticated)
            {
                if (_liveByPeer.TryGetValue(peer, out var live) ? !live : before.ContainsKey(peer))
                {
                    inbound.Connection!.Close(CloseReason.PeerGone);
                }
            }
        }
    }

    public bool IsConnected(Incarnation peer)
    {
        lock (_gate)
        {
            return _authenticated.TryGetValue(peer, out var inbound) && inbound.Connection is { IsOpen: true };
        }
    }

    public void CheckSilence()
    {
        PeerConnection[] connections;
        lock (_gate)
        {
            connections = [.. _authenticated.Values.Select(inbound => inbound.Connection!)];
        }

        foreach (var connection in connections)
        {
            connection.CheckSilence();
        }
    }

    /// <summary>Accepts nothing more, closes all, and returns when the last one ended.</summary>
    public async Task StopAsync()
    {
        Inbound[] open;
        lock (_gate)
        {
            _stopped = true;
            open = [.. _all];
        }

        foreach (var inbound in open)
        {
            inbound.Connection?.Close(CloseReason.Stopped);
            inbound.Drop();
        }

        await Task.WhenAll(open.Select(inbound => inbound.Ended.Task)).ConfigureAwait(false);
    }

    private async Task HandshakeAndRunAsync(Inbound inbound)
    {
        var channel = new HandshakeChannel(inbound.Transport.Transport);
        var machine = new ListenerHandshake(_context.Identity, HandshakeTranscript.NewNonce(), IsGone);
        var (result, welcome) = await channel.AcceptAsync(machine, inbound.Deadline.Token).ConfigureAwait(false);
        if (result is not HandshakeResult.Authenticated(var peer))
        {
            _report.Failed(result, inbound.Other, outbound: false);
            if (result is HandshakeResult.Refused refused)
            {
                await channel.SendAsync(FrameType.Refusal, new Refusal { Reason = refused.Reason }, inbound.Deadline.Token).ConfigureAwait(false);
            }

            return;
        }

        // The welcome takes the next sequence number, the connection goes on behind it.
        var connection = new PeerConnection(peer, inbound.Transport, channel.Parser, channel.NextSequence + 1, _context, outbound: false);
        if (!TryRegister(inbound, connection, out var replaced))
        {
            return;
        }

        if (replaced is not null)
        {
            LogReplaced(_logger, peer);
            replaced.Connection!.Close(CloseReason.Replaced);

            // Without a deadline: it ends as soon as the receiver returns, and to go on before that would let a frame of
            // the old connection arrive after one of the new.
            await replaced.Ended.Task.ConfigureAwait(false);
        }

        await channel.SendAsync(FrameType.Welcome, welcome!, inbound.Deadline.Token).ConfigureAwait(false);
        LogAccepted(_logger, peer, inbound.Other);
        var reason = await connection.RunAsync().ConfigureAwait(false);
        LogEnded(_logger, peer, reason);
    }

    private bool TryAdmit(Inbound inbound)
    {
        Inbound? dropped = null;
        lock (_gate)
        {
            if (_stopped)
            {
                return false;
            }

            if (_all.Count >= _context.Options.MaxConnections)
            {
                dropped = _handshaking.First?.Value;
                if (dropped is null)
                {
                    _report.NoRoom(inbound.Other);
                    return false;
                }

                _handshaking.RemoveFirst();
                _all.Remove(dropped);
            }

            _all.Add(inbound);
            _handshaking.AddLast(inbound);
        }

        if (dropped is not null)
        {
            _report.DroppedForRoom(dropped.Other);
            dropped.Drop();
        }

        return true;
    }

    /// <summary>Makes the connection its peer's only one. False: it had to make room, came too late, or its peer was declared down meanwhile.</summary>
    private bool TryRegister(Inbound inbound, PeerConnection connection, out Inbound? replaced)
    {
        lock (_gate)
        {
            replaced = null;
            if (_stopped || !_all.Contains(inbound) || IsGone_NeedsLock(connection.Peer))
            {
                return false;
            }

            _handshaking.Remove(inbound);
            inbound.Connection = connection;
            _authenticated.Remove(connection.Peer, out replaced);
            _authenticated.Add(connection.Peer, inbound);
            return true;
        }
    }

    private void Forget(Inbound inbound)
    {
        lock (_gate)
        {
            _all.Remove(inbound);
            _handshaking.Remove(inbound);
            if (inbound.Connection is { } connection && _authenticated.TryGetValue(connection.Peer, out var current) && current == inbound)
            {
                _authenticated.Remove(connection.Peer);
            }
        }
    }

    private bool IsGone(Incarnation peer)
    {
        lock (_gate)
        {
            return IsGone_NeedsLock(peer);
        }
    }

    private bool IsGone_NeedsLock(Incarnation peer) => _liveByPeer.TryGetValue(peer, out var live) ? !live : _gone.Contains(peer);

    [LoggerMessage(1, LogLevel.Debug, "{Peer} connected from {Other}")]
    private static partial void LogAccepted(ILogger logger, Incarnation peer, string other);

    [LoggerMessage(2, LogLevel.Debug, "The connection from {Peer} ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, Incarnation peer, CloseReason reason);

    [LoggerMessage(3, LogLevel.Debug, "{Peer} opened a new connection, the old one is closed first")]
    private static partial void LogReplaced(ILogger logger, Incarnation peer);

    /// <summary>One accepted connection, from accept to its end.</summary>
    private sealed class Inbound(ConnectionContext transport, string other, TransportContext context) : IDisposable
    {
        private readonly Lock _gate = new();
        private bool _disposed;

        public ConnectionContext Transport { get; } = transport;

        public string Other { get; } = other;

        /// <summary>Bounds the handshake; the running connection does not look at it.</summary>
        public CancellationTokenSource Deadline { get; } = new(context.Options.HandshakeTimeout, context.Time);

        public PeerConnection? Connection { get; set; }

        public bool Dropped { get; private set; }

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends a handshake that is still going on.</summary>
        public void Drop()
        {
            lock (_gate)
            {
                Dropped = true;
                if (!_disposed)
                {
                    Deadline.Cancel();
                }
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _disposed = true;
                Deadline.Dispose();
            }
        }
    }
}
