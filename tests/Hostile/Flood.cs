using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AkkaScale.Tests.Hostile;

/// <summary>Many connections at once, as many as this machine lets the test hold.</summary>
internal sealed class Flood : IDisposable
{
    private const int Wanted = 10_000;

    /// <summary>Files that test and node need besides.</summary>
    private const int Reserve = 2_500;

    private const int AtOnce = 32;

    private readonly List<Socket> _sockets = [];

    /// <summary>Idle connections of the attack: 10,000, or what the limit of open files leaves.</summary>
    public static int Size { get; } = (int)Math.Min(Wanted, OpenFiles() - Reserve);

    /// <summary>Of the nodes' gateway ports: below the flood, so that the oldest have to go.</summary>
    public static int GatewayBound { get; } = Size * 8 / 10;

    /// <summary>Why the flood is smaller than the table says; empty if it is not.</summary>
    public static string Scale { get; } = Size == Wanted ? "" : $"scaled down to {Size}: a process here may open {OpenFiles()} files";

    public IReadOnlyList<Socket> Sockets => _sockets;

    /// <summary>Opens connections, in order of their opening, and sends the same bytes on each.</summary>
    /// <param name="receiveBuffer">Bytes that the system holds of what the attacker does not read.</param>
    public static async Task<Flood> OpenAsync(int port, int connections, byte[] bytes, int? receiveBuffer = null)
    {
        var flood = new Flood();
        try
        {
            for (var opened = 0; opened < connections; opened += AtOnce)
            {
                var batch = Enumerable.Range(0, Math.Min(AtOnce, connections - opened)).Select(_ =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(enable: true, seconds: 0) };
                    if (receiveBuffer is { } size)
                    {
                        socket.ReceiveBufferSize = size;
                    }

                    return socket;
                }).ToArray();
                flood._sockets.AddRange(batch);
                await Task.WhenAll(batch.Select(async socket =>
                {
                    try
                    {
                        await socket.ConnectAsync(IPAddress.Loopback, port);
                        await socket.SendAsync(bytes);
                    }
                    catch (SocketException)
                    {
                        // refused or closed already: that is what the test looks at
                    }
                }));
            }

            return flood;
        }
        catch
        {
            flood.Dispose();
            throw;
        }
    }

    /// <summary>How many of some sockets the other side has closed; what it sent before is thrown away only where it is <paramref name="drained"/>.</summary>
    public static int Closed(IEnumerable<Socket> sockets, bool drained = false) => sockets.Count(socket => IsClosed(socket, drained));

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static bool IsClosed(Socket socket, bool drained)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (drained && socket.Available > 0 && socket.Receive(buffer) > 0)
            {
            }

            return !socket.Connected || (socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static long OpenFiles()
    {
        var line = File.Exists("/proc/self/limits") ? File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        return line is not null && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : Wanted + Reserve;
    }
}
