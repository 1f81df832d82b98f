using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using AkkaScale.Tests.Support.Namespaces;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>
/// Makes sockets that belong to a network namespace, for clients that live in this process: a socket stays in the namespace of the thread that made it,
/// so one thread is put there for good. All clients so share one clock and one history.
/// </summary>
internal sealed class NamespaceSockets : IDisposable
{
    private const int Waiting = 1024;

    private readonly BlockingCollection<TaskCompletionSource<Socket>> _wanted = new(Waiting);
    private readonly Thread _thread;
    private readonly string _namespace;

    public NamespaceSockets(string name)
    {
        _namespace = name;
        _thread = new Thread(Serve) { IsBackground = true, Name = $"sockets of {name}" };
        _thread.Start();
    }

    /// <summary>Connects from the namespace.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken stop)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_wanted.TryAdd(made))
        {
            throw new IOException($"{Waiting} connections from {_namespace} wait to be made");
        }

        var socket = await made.Task;
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(to.Host), to.Port), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _wanted.CompleteAdding();
        _thread.Join();
        _wanted.Dispose();
    }

    private void Serve()
    {
        Exception? failure = null;
        try
        {
            NamespaceThread.Enter(_namespace);
        }
        catch (Exception refused) when (refused is Win32Exception or IOException)
        {
            failure = refused;
        }

        foreach (var made in _wanted.GetConsumingEnumerable())
        {
            try
            {
                made.SetResult(failure is null ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) : throw failure);
            }
            catch (Exception error) when (error == failure || error is SocketException)
            {
                made.SetException(new IOException(error.Message, error));
            }
        }
    }
}
