using System.Net;
using System.Net.Sockets;
using AkkaScale.Node.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AkkaScale.Node.Connections;

/// <summary>
/// The gateway's port: reserved from the start, and open once the node can answer. Until then who comes is refused at once, which is the one
/// answer after which any client and any load balancer goes to another gateway.
/// </summary>
internal sealed class GatewayDoor(NodeOptions node, IOptions<SocketTransportOptions> transport, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private Listener? _listener;

    public bool CanBind(EndPoint endpoint) => node.IsGateway && endpoint.Equals(IPEndPoint.Parse(node.GatewayBind));

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            var sockets = new SocketTransportFactory(
                Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions
                {
                    Backlog = transport.Value.Backlog,
                    NoDelay = transport.Value.NoDelay,
                    CreateBoundListenSocket = _ => socket,
                }),
                loggers);
            return ValueTask.FromResult<IConnectionListener>(_listener = new Listener(socket, sockets));
        }
        catch (SocketException inUse) when (inUse.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(inUse.Message, inUse);
        }
    }

    /// <summary>From now on the port listens. Nothing to do on a node without a gateway.</summary>
    /// <exception cref="AddressInUseException">Somebody else reserved the same port, and was quicker to open it.</exception>
    public Task OpenAsync() => _listener?.OpenAsync() ?? Task.CompletedTask;

    private sealed class Listener(Socket socket, SocketTransportFactory sockets) : IConnectionListener
    {
        private readonly TaskCompletionSource<IConnectionListener?> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _changing = new(1);

        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async Task OpenAsync()
        {
            await _changing.WaitAsync();
            try
            {
                if (!_open.Task.IsCompleted)
                {
                    _open.SetResult(await sockets.BindAsync(EndPoint));
                }
            }
            finally
            {
                _changing.Release();
            }
        }

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await _open.Task is { } open ? await open.AcceptAsync(cancellationToken) : null;

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            if (await CloseAsync() is { } open)
            {
                await open.UnbindAsync(cancellationToken);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (await CloseAsync() is { } open)
            {
                await open.DisposeAsync();
            }
        }

        /// <returns>What has to be closed as well.</returns>
        private async Task<IConnectionListener?> CloseAsync()
        {
            await _changing.WaitAsync();
            try
            {
                if (_open.TrySetResult(null))
                {
                    socket.Dispose();
                }

                return await _open.Task;
            }
            finally
            {
                _changing.Release();
            }
        }
    }
}
