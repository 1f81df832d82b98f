using System.Net;
using System.Net.Sockets;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>
/// Ports that nobody listens on, from below those that the system gives to outgoing connections: one of those could be taken between
/// two starts of a node that has the same address.
/// </summary>
internal static class LoopbackPorts
{
    private const int First = 15_000;
    private const int Count = 16_000;

    private static int _next = Environment.ProcessId * 61 % Count;

    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use: the next one.
            }
        }
    }
}
