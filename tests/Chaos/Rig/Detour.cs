using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using AkkaScale.TestKit.Networks;
using AkkaScale.Tests.Support.Namespaces;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>
/// A network card on the hosts' switch whose frames pass through this process, which delays and loses some. A frame comes this way while its sender's entry
/// for the other's card names this one; all others never do. Stands in for the kernel's own queueing discipline (netem), which many kernels lack.
/// </summary>
/// <remarks>Frames carry the kernel's word on checksum and segmentation in front (PACKET_VNET_HDR), so that large ones pass unchanged.</remarks>
internal sealed partial class Detour : IAsyncDisposable
{
    private const string Device = "detour";
    private const int Header = 10; // struct virtio_net_hdr
    private const int MaxFrame = Header + 14 + 65_536;
    private const int MaxWaiting = 20_000;
    private const ushort Ipv4 = 0x0800;

    private readonly ConcurrentDictionary<(uint From, uint To), Route> _routes = new();
    private readonly PriorityQueue<byte[], long> _waiting = new();
    private readonly Random _random;
    private readonly byte[] _card;
    private readonly int _socket;
    private readonly Thread _taking;
    private readonly Thread _giving;
    private readonly object _gate = new();
    private volatile bool _isStopped;

    private Detour(string card, int socket, int seed)
    {
        Card = card;
        _card = BytesOf(card);
        _socket = socket;
        _random = new Random(seed);
        _taking = new Thread(Take) { IsBackground = true, Name = "detour in" };
        _giving = new Thread(Give) { IsBackground = true, Name = "detour out" };
        _taking.Start();
        _giving.Start();
    }

    /// <summary>Its address, for the entry of those whose frames it is to get.</summary>
    public string Card { get; }

    public static async Task<Detour> CreateAsync(SpecNetwork network, int seed)
    {
        var (index, card) = await network.AddCardAsync(Device);
        var opened = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        // A thread of its own, which ends with it: it leaves this process's namespace.
        var opening = new Thread(() =>
        {
            try
            {
                NamespaceThread.Enter(network.Hub);
                opened.SetResult(Open(index));
            }
            catch (Win32Exception refused)
            {
                opened.SetException(refused);
            }
        });
        opening.Start();
        return new Detour(card, await opened.Task, seed);
    }

    /// <summary>From now on frames of this direction are treated so; they must be led here.</summary>
    public async Task<Route> TreatAsync(Direction direction, Disturbance disturbance)
    {
        var route = new Route(disturbance, BytesOf(await SpecNetwork.CardOfAsync(direction.To)));
        _routes[(Number(direction.From), Number(direction.To))] = route;
        return route;
    }

    public async ValueTask DisposeAsync()
    {
        _isStopped = true;
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }

        await Task.Run(() =>
        {
            _taking.Join();
            _giving.Join();
        });
        _ = Close(_socket);
    }

    private void Take()
    {
        var buffer = new byte[MaxFrame];
        while (!_isStopped)
        {
            var length = (int)Read(_socket, buffer, buffer.Length); // times out now and then, to see the end
            if (length < Header + 34 || !buffer.AsSpan(Header, 6).SequenceEqual(_card))
            {
                continue;
            }

            var from = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(Header + 26));
            var to = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(Header + 30));
            if (_routes.TryGetValue((from, to), out var route))
            {
                PassOn(route, buffer.AsSpan(0, length));
            }
        }
    }

    private void PassOn(Route route, ReadOnlySpan<byte> frame)
    {
        var (loss, jitter) = (_random.NextDouble(), _random.NextDouble());
        if (loss < route.Disturbance.Loss)
        {
            route.Lose();
            return;
        }

        // From this card, lest the switch believes that the sender moved here.
        var copy = frame.ToArray();
        copy[0] &= 1; // a checksum is still to be made; other flags are not for sending
        route.Card.CopyTo(copy.AsSpan(Header));
        _card.CopyTo(copy.AsSpan(Header + 6));
        var due = Environment.TickCount64 + (long)(route.Disturbance.Delay + (route.Disturbance.Jitter * ((2 * jitter) - 1))).TotalMilliseconds;
        lock (_gate)
        {
            if (_waiting.Count >= MaxWaiting)
            {
                route.Lose();
                return;
            }

            _waiting.Enqueue(copy, due);
            Monitor.Pulse(_gate);
        }

        route.Pass();
    }

    private void Give()
    {
        while (!_isStopped)
        {
            byte[] frame;
            lock (_gate)
            {
                if (!_waiting.TryPeek(out frame!, out var due) || due > Environment.TickCount64)
                {
                    Monitor.Wait(_gate, frame is null ? 100 : (int)Math.Clamp(due - Environment.TickCount64, 1, 100));
                    continue;
                }

                _waiting.Dequeue();
            }

            _ = Write(_socket, frame, frame.Length);
        }
    }

    private static uint Number(SpecHost host) => BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(host.Address).GetAddressBytes());

    private static byte[] BytesOf(string card) => PhysicalAddress.Parse(card.ToUpperInvariant()).GetAddressBytes();

    private static int Open(int index)
    {
        const int packet = 17, raw = 3, packetLevel = 263, withHeader = 15, socketLevel = 1, receiveTimeout = 20, receiveBuffer = 8;
        var protocol = BinaryPrimitives.ReverseEndianness(Ipv4);
        var socket = Check(Socket(packet, raw, protocol), "a packet socket cannot be made");
        Check(SetOption(socket, packetLevel, withHeader, [1, 0, 0, 0], 4), "PACKET_VNET_HDR is refused");
        var timeout = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(timeout.AsSpan(8), 200_000);
        Check(SetOption(socket, socketLevel, receiveTimeout, timeout, timeout.Length), "no timeout can be set");
        Check(SetOption(socket, socketLevel, receiveBuffer, BitConverter.GetBytes(4 << 20), 4), "no buffer can be set");

        // struct sockaddr_ll: family, protocol in network order, interface.
        var address = new byte[20];
        BinaryPrimitives.WriteUInt16LittleEndian(address, packet);
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), Ipv4);
        BinaryPrimitives.WriteInt32LittleEndian(address.AsSpan(4), index);
        Check(Bind(socket, address, address.Length), "the packet socket cannot be bound");
        return socket;
    }

    private static int Check(int result, string what) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{what}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int name, byte[] value, int length);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, byte[] address, int length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int handle, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int handle, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
