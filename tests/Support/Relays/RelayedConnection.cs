using System.Buffers.Binary;
using System.Net.Sockets;

namespace AkkaScale.Tests.Support.Relays;

/// <summary>One connection through the relay: frame by frame to the server, byte by byte back.</summary>
internal sealed class RelayedConnection(TcpClient client, Func<RequestTrap?> trap) : IDisposable
{
    private const byte Sync = (byte)'S';

    private readonly TcpClient _server = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isSilent;
    private volatile RequestTrap? _answerTrap;
    private bool _started;

    public async Task RunAsync(string host, int port)
    {
        try
        {
            await _server.ConnectAsync(host, port);
            client.NoDelay = _server.NoDelay = true;
            var ended = await Task.WhenAny(ForwardAsync(), ReturnAsync());
            await ended;
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }

        // A silenced connection stays open for whoever waits on it, until it is cut.
        if (_isSilent)
        {
            await _closed.Task;
        }

        Break(Manner.Cut);
    }

    public void Break(Manner manner)
    {
        if (manner == Manner.Silent)
        {
            _isSilent = true;
            return;
        }

        _closed.TrySetResult();
        Dispose();
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    private async Task ForwardAsync()
    {
        var (from, to) = (client.GetStream(), _server.GetStream());
        var caught = (RequestTrap?)null;
        while (await ReadFrameAsync(from) is { } frame)
        {
            if (_isSilent)
            {
                continue;
            }

            if (caught is null && trap() is { } armed && armed.IsCarriedBy(frame) && armed.Take())
            {
                caught = armed;
                if (armed.Moment == Moment.BeforeTheStatement)
                {
                    Break(armed.Manner);
                    armed.Spring();
                    caught = null;
                    continue;
                }
            }

            if (caught is not null && frame[0] == Sync)
            {
                await CommitAsync(to, frame, caught);
                caught = null;
                continue;
            }

            await to.WriteAsync(frame);
        }
    }

    /// <summary>The frame after which the server commits what was executed.</summary>
    private async Task CommitAsync(NetworkStream to, byte[] frame, RequestTrap caught)
    {
        switch (caught.Moment)
        {
            case Moment.BeforeCommit:
                Break(caught.Manner);
                break;
            case Moment.AtCommit:
                await to.WriteAsync(frame);
                Break(caught.Manner);
                break;
            default:
                _answerTrap = caught;
                await to.WriteAsync(frame);
                return;
        }

        caught.Spring();
    }

    private async Task ReturnAsync()
    {
        var (from, to) = (_server.GetStream(), client.GetStream());
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            if (_answerTrap is { } caught)
            {
                _answerTrap = null;
                Break(caught.Manner);
                caught.Spring();
            }

            if (!_isSilent)
            {
                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        }
    }

    /// <summary>The first frame of a connection has no type: its length comes first.</summary>
    private async Task<byte[]?> ReadFrameAsync(NetworkStream from)
    {
        var lengthAt = _started ? 1 : 0;
        _started = true;
        var head = new byte[lengthAt + 4];
        if (await from.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) < head.Length)
        {
            return null;
        }

        var frame = new byte[lengthAt + BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(lengthAt))];
        head.CopyTo(frame, 0);
        await from.ReadExactlyAsync(frame.AsMemory(head.Length));
        return frame;
    }
}
