using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AkkaScale.Tests.Support;

/// <summary>Stands before a port of a node and can be cut: then connections break, and new ones are closed at once.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _isCut;

    public TcpRelay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Cut()
    {
        _isCut = true;
        foreach (var client in _open.Keys)
        {
            client.Close();
        }
    }

    public void Heal() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
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
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                running.Add(RelayAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        await Task.WhenAll(running);
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var target = new TcpClient();
        _open[client] = _open[target] = true;
        try
        {
            if (_isCut)
            {
                return;
            }

            await target.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(target.GetStream()), target.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(target, out _);
            client.Close();
        }
    }
}
