using System.Collections.Concurrent;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport.Control;
using AkkaScale.LegacyCluster.Transport.Handshake;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>
/// The connections of one incarnation. Outgoing ones are kept to every live member given to <see cref="UpdatePeers"/>;
/// incoming ones arrive through a <see cref="ClusterConnectionHandler"/> it is attached to. Detach it before disposing.
/// </summary>
public sealed class PeerNetwork : IPeerNetwork, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Incarnation, PeerDialer> _dialers = [];
    private readonly List<PeerDialer> _retired = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TransportContext _context;
    private readonly InboundConnections _inbound;
    private readonly SocketConnectionContextFactory _sockets;
    private readonly Random _random;
    private readonly Task _silenceLoop;
    private bool _disposed;

    /// <param name="self">The incarnation that peers call; calls for another are refused.</param>
    /// <param name="secret">Known to all members; may be empty where the cluster port is on loopback.</param>
    /// <param name="receiver">Must not block; after <see cref="DisposeAsync"/> it is not called any more.</param>
    /// <param name="random">Seeded; spreads reconnect attempts. Nonces never come from it.</param>
    public PeerNetwork(
        Incarnation self,
        string clusterName,
        string secret,
        TransportOptions options,
        IFrameReceiver receiver,
        TimeProvider time,
        Random random,
        ILoggerFactory loggers)
        : this(self, clusterName, secret, options, receiver, time, random, loggers, TransportMetrics.Shared)
    {
    }

    internal PeerNetwork(
        Incarnation self,
        string clusterName,
        string secret,
        TransportOptions options,
        IFrameReceiver receiver,
        TimeProvider time,
        Random random,
        ILoggerFactory loggers,
        TransportMetrics metrics)
    {
        _context = new TransportContext(new HandshakeIdentity(self, clusterName, secret), options, receiver, time, metrics, loggers);
        _inbound = new InboundConnections(_context);
        _sockets = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggers.CreateLogger<SocketConnectionContextFactory>());
        _random = random;
        _silenceLoop = Task.Run(CheckSilenceAsync);
    }

    public Incarnation Self => _context.Identity.Self;

    public bool TrySend<TState>(Incarnation peer, FrameType type, TState state, PayloadWriter<TState> write)
    {
        if (_dialers.TryGetValue(peer, out var dialer) && dialer.Current is { } connection)
        {
            return connection.TrySend(type, state, write);
        }

        _context.Metrics.SendRefused(TransportMetrics.NotConnected);
        return false;
    }

    public bool IsConnected(Incarnation peer) => _dialers.TryGetValue(peer, out var dialer) && dialer.Current is not null;

    public bool IsReachable(Incarnation peer) => IsConnected(peer) && _inbound.IsConnected(peer);

    public void UpdatePeers(IReadOnlyCollection<MemberSnapshot> members)
    {
        var wanted = members
            .Where(member => member.IsLive && member.Incarnation != Self)
            .ToDictionary(member => member.Incarnation, member => member.Address);
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            foreach (var dialer in _dialers.Values.Where(dialer => wanted.GetValueOrDefault(dialer.Peer) != dialer.Address))
            {
                Retire_NeedsLock(dialer);
            }

            foreach (var (peer, address) in wanted)
            {
                if (!_dialers.ContainsKey(peer))
                {
                    Dial_NeedsLock(peer, address);
                }
            }

            ForgetEnded_NeedsLock();
        }

        _inbound.UpdateMembers(members);
    }

    /// <summary>
    /// Connects to the live members and waits for the first attempt at each. A member that has another cluster secret, if there is one
    /// and nobody has ours: who joins then would own shards that the others cannot reach. Null: join.
    /// </summary>
    public async Task<MemberSnapshot?> FindOtherSecretAsync(IReadOnlyCollection<MemberSnapshot> members)
    {
        UpdatePeers(members);
        var dialers = _dialers.Values.ToArray();
        var results = await Task.WhenAll(dialers.Select(dialer => dialer.FirstAttempt)).ConfigureAwait(false);
        if (results.Any(result => result is HandshakeResult.Authenticated))
        {
            return null;
        }

        var refusing = dialers.Zip(results)
            .Where(attempt => attempt.Second is HandshakeResult.RefusedByPeer { Reason: RefusalReason.WrongProof } or HandshakeResult.Refused { Reason: RefusalReason.WrongProof })
            .Select(attempt => attempt.First.Peer)
            .ToHashSet();
        return members.FirstOrDefault(member => refusing.Contains(member.Incarnation));
    }

    /// <summary>Stops accepting and connecting, sends what gathered, and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        PeerDialer[] dialers;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            foreach (var dialer in _dialers.Values)
            {
                Retire_NeedsLock(dialer);
            }

            dialers = [.. _retired];
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll([_silenceLoop, _inbound.StopAsync(), .. dialers.Select(dialer => dialer.Completion)]).ConfigureAwait(false);
        foreach (var dialer in dialers)
        {
            dialer.Dispose();
        }

        _sockets.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Serves an accepted connection to its end.</summary>
    internal Task ServeAsync(ConnectionContext transport) => _inbound.ServeAsync(transport);

    private void Dial_NeedsLock(Incarnation peer, string address)
    {
        var dialer = new PeerDialer(peer, address, _sockets, _context, NextJitter);
        var predecessor = _retired.FindLast(retired => retired.Peer == peer)?.Completion ?? Task.CompletedTask;
        dialer.Start(predecessor);
        _dialers[peer] = dialer;
    }

    private void Retire_NeedsLock(PeerDialer dialer)
    {
        _dialers.TryRemove(dialer.Peer, out _);
        _retired.Add(dialer);
        dialer.Stop();
    }

    private void ForgetEnded_NeedsLock()
    {
        _retired.RemoveAll(static dialer =>
        {
            var ended = dialer.Completion.IsCompleted;
            if (ended)
            {
                dialer.Dispose();
            }

            return ended;
        });
    }

    private double NextJitter()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    private async Task CheckSilenceAsync()
    {
        using var timer = new PeriodicTimer(_context.Options.PingInterval, _context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                foreach (var dialer in _dialers.Values)
                {
                    dialer.Current?.CheckSilence();
                }

                _inbound.CheckSilence();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
