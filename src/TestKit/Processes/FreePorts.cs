using System.Net;
using System.Net.Sockets;

namespace AkkaScale.TestKit.Processes;

/// <summary>
/// Loopback ports nobody listens on. Taken from below the range that the kernel gives to outgoing connections,
/// so that no connection of a test grabs a port between its choice and its use.
/// </summary>
public static class FreePorts
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();
    private static int _next = First + (Environment.ProcessId * 7919 % (Last - First));

    /// <summary>One free port that was not given out before by this process.</summary>
    public static int Take() => TakeConsecutive(1);

    /// <summary>The first of <paramref name="count"/> free ports in a row.</summary>
    public static int TakeConsecutive(int count)
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < Last - First; attempt++)
            {
                if (_next + count > Last)
                {
                    _next = First;
                }

                var first = _next;
                _next += count;
                if (Enumerable.Range(first, count).All(IsFree))
                {
                    return first;
                }
            }
        }

        throw new InvalidOperationException($"no {count} free ports in a row between {First} and {Last}");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
