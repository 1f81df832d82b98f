using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AkkaScale.Tests.Support.Relays;

/// <summary>
/// Stands before a PostgreSQL server. It knows the frames of the protocol, so that it can break the link of one statement at an exact
/// moment; and it can cut or silence everything for an outage.
/// </summary>
internal sealed class PostgresRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<RelayedConnection, bool> _open = new();
    private readonly string _target;
    private readonly Task _accepting;
    private volatile RequestTrap? _trap;
    private volatile OutageKind _outage;

    private enum OutageKind
    {
        None,
        Cut,
        Silent,
    }

    /// <param name="target">Connection string of the server itself.</param>
    public PostgresRelay(string target)
    {
        _target = target;
        _listener.Start(512);
        _accepting = Task.Run(AcceptAsync); // off the test's own few threads
    }

    /// <summary>The same, by way of the relay. Unencrypted, so that it can be read.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_target)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    public RequestTrap Set(string text, Moment moment, Manner manner) => Set([text], moment, manner);

    public RequestTrap Set(IReadOnlyCollection<string> texts, Moment moment, Manner manner) => _trap = new RequestTrap(texts, moment, manner);

    /// <summary>From now on nothing passes: connections are closed, or go on without an answer, and new ones fare alike.</summary>
    public void BeginOutage(Manner manner)
    {
        _outage = manner == Manner.Cut ? OutageKind.Cut : OutageKind.Silent;
        foreach (var connection in _open.Keys)
        {
            connection.Break(manner);
        }
    }

    /// <summary>New connections pass again; those that were silenced are closed.</summary>
    public void EndOutage()
    {
        _outage = OutageKind.None;
        foreach (var connection in _open.Keys)
        {
            connection.Break(Manner.Cut);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var connection in _open.Keys)
        {
            connection.Break(Manner.Cut);
        }

        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                running.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException
            || (error is InvalidOperationException && _stop.IsCancellationRequested))
        {
            // Stopped; between two accepts the listener says "not listening".
        }

        await Task.WhenAll(running);
    }

    private async Task RelayAsync(TcpClient client)
    {
        if (_outage == OutageKind.Cut)
        {
            client.Close();
            return;
        }

        using var connection = new RelayedConnection(client, () => _trap);
        _open[connection] = true;
        if (_outage == OutageKind.Silent)
        {
            connection.Break(Manner.Silent);
        }

        var target = new NpgsqlConnectionStringBuilder(_target);
        await connection.RunAsync(target.Host!, target.Port);
        _open.TryRemove(connection, out _);
    }
}
