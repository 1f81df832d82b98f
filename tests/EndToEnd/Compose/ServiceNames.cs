using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaScale.TestKit.Networks;
using AkkaScale.Tests.Support.Namespaces;

namespace AkkaScale.Tests.EndToEnd.Compose;

/// <summary>
/// What a container engine's own DNS does on one host: it answers the names of services with the addresses of their containers, as RFC 1035
/// has it. One question a datagram, addresses of version 4 alone.
/// </summary>
internal sealed class ServiceNames : IDisposable
{
    private const int HeaderSize = 12;
    private const ushort TypeAddress = 1;
    private const ushort ClassInternet = 1;
    private const uint SecondsToKeep = 1;

    // Where the shipped nginx.conf looks for it.
    private static readonly IPEndPoint Address = new(IPAddress.Parse("127.0.0.11"), 53);

    private readonly Func<string, IReadOnlyList<IPAddress>> _addresses;
    private readonly TaskCompletionSource<Socket> _socket = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    private ServiceNames(SpecHost host, Func<string, IReadOnlyList<IPAddress>> addresses)
    {
        _addresses = addresses;
        _thread = new Thread(() => Run(host)) { IsBackground = true, Name = "service names" };
        _thread.Start();
    }

    /// <param name="addresses">Of a service's containers; none for a name that is no service's.</param>
    public static async Task<ServiceNames> StartAsync(SpecHost host, Func<string, IReadOnlyList<IPAddress>> addresses)
    {
        var names = new ServiceNames(host, addresses);
        await names._socket.Task;
        return names;
    }

    public void Dispose()
    {
        _socket.Task.Result.Dispose();
        _thread.Join();
    }

    private void Run(SpecHost host)
    {
        Socket socket;
        try
        {
            NamespaceThread.Enter(host.Namespace);
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(Address);
            _socket.SetResult(socket);
        }
        catch (Exception error)
        {
            _socket.SetException(error);
            return;
        }

        var question = new byte[512];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var length = socket.ReceiveFrom(question, ref from);
                socket.SendTo(Answer(question.AsSpan(0, length)), from);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return; // disposed
            }
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> message)
    {
        var (name, end) = Name(message);
        var type = BinaryPrimitives.ReadUInt16BigEndian(message[end..]);
        var found = _addresses(name);
        var given = type == TypeAddress ? found : [];

        using var answer = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderSize];
        message[..2].CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(found.Count > 0 ? 0x8180 : 0x8183)); // an answer; 3: no such name
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)given.Count);
        answer.Write(header);
        answer.Write(message[HeaderSize..(end + 4)]);
        Span<byte> record = stackalloc byte[16];
        foreach (var address in given)
        {
            BinaryPrimitives.WriteUInt16BigEndian(record, 0xC000 | HeaderSize); // the name that was asked for
            BinaryPrimitives.WriteUInt16BigEndian(record[2..], TypeAddress);
            BinaryPrimitives.WriteUInt16BigEndian(record[4..], ClassInternet);
            BinaryPrimitives.WriteUInt32BigEndian(record[6..], SecondsToKeep);
            BinaryPrimitives.WriteUInt16BigEndian(record[10..], 4);
            address.TryWriteBytes(record[12..], out _);
            answer.Write(record);
        }

        return answer.ToArray();
    }

    /// <returns>The name asked for, and where it ends.</returns>
    private static (string Name, int End) Name(ReadOnlySpan<byte> message)
    {
        var labels = new List<string>();
        var at = HeaderSize;
        while (message[at] is var length and > 0)
        {
            labels.Add(Encoding.ASCII.GetString(message.Slice(at + 1, length)));
            at += 1 + length;
        }

        return (string.Join('.', labels).ToLowerInvariant(), at + 1);
    }
}
