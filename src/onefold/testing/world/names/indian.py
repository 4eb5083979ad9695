"""Common Indian given names and family names, most frequent first, in their usual Latin spelling."""

from __future__ import annotations

MALE = """
Rajesh Amit Sanjay Rahul Suresh Vijay Anil Sunil Ramesh Ravi Arjun Vikram Manoj Deepak Ashok Ajay Rakesh
Sandeep Mohan Mukesh Pradeep Rohit Naveen Vivek Nitin Karthik Aditya Arvind Gaurav Harish Kiran Mahesh
Nikhil Prakash Rajiv Sachin Satish Shyam Siddharth Srinivas Tarun Varun Vinod Yash Abhishek Akash Anand
Ankit Bharat Chetan Dinesh Ganesh Gopal Hari Jagdish Kapil Kunal Lokesh Madhav Neeraj Pankaj Pranav Prem
Raghav Rishi Sameer Shankar Tushar Uday Vishal Imran Faisal Salman Farhan Arif Gurpreet Harpreet Manpreet
Jaspreet Balwinder
""".split()

FEMALE = """
Priya Sunita Anita Pooja Kavita Neha Anjali Rekha Meena Geeta Lakshmi Divya Shreya Swati Deepa Asha Nisha
Ritu Seema Usha Radha Sita Sarita Savita Shilpa Smita Sneha Sonia Sushma Vandana Vidya Aarti Aditi Aishwarya
Ananya Archana Bhavna Chitra Garima Indira Jaya Jyoti Kalpana Kamala Karishma Kiran Lata Madhuri Mala Malini
Manisha Meenakshi Mira Nandini Neelam Padma Pallavi Parvati Preeti Rachna Rani Rashmi Renuka Rupa Sangeeta
Shalini Sharda Shweta Sudha Suman Tanvi Tara Uma Vaishali Veena Fatima Ayesha Zainab Harleen Simran
""".split()

FAMILIES = """
Sharma Verma Gupta Singh Kumar Patel Reddy Nair Iyer Rao Mehta Shah Joshi Desai Agarwal Mishra Pandey Chopra
Kapoor Malhotra Khanna Bhatia Banerjee Mukherjee Chatterjee Das Ghosh Bose Sen Roy Dutta Menon Pillai Naidu
Krishnan Subramanian Venkatesan Raman Iyengar Hegde Shetty Kamath Pai Bhat Kulkarni Deshpande Patil Jadhav
Pawar More Shinde Gaikwad Chavan Kale Trivedi Bhatt Dave Parekh Gandhi Thakur Chauhan Rathore Rajput Yadav
Tiwari Dubey Shukla Tripathi Dwivedi Chaturvedi Saxena Srivastava Mathur Bhatnagar Jain Bansal Goel Mittal
Singhal Garg Arora Sethi Grover Dhillon Gill Sandhu Sidhu Grewal Bedi Kaur Khan Ansari Qureshi Sheikh
Siddiqui
""".split()
